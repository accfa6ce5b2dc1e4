package train

import (
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/walk"
)

// Rates are the false-positive rates at which medium, high and critical begin.
var Rates = [model.Levels]float64{0.01, 0.001, 0.0001}

// Recorded reports whether a benign file is recorded traffic: the headline.
func Recorded(file string) bool {
	return file == "benign_har" || file == "benign_cassettes" || file == "benign_logs"
}

// bound reports whether a group of benign files may raise a threshold. API
// calls, rich text, special parameters and uploads hold code by nature: a
// threshold that they never reach would let every tenth attack in a body pass.
// There the learned model and policy decide; their rates are in the card.
func bound(file string) bool {
	switch file {
	case "benign_pages", "benign_urls", "benign_forms", "benign_search", "recorded":
		return true
	}
	return false
}

// Calibrate chooses the thresholds per location kind from left-out scores: the
// level of the recorded traffic as a whole, raised where a single location
// kind of a single group of ordinary traffic would exceed the rate.
func Calibrate(set *Set, scores []Scores) (levels [model.Locs][model.Levels]int) {
	groups := map[string][]int{}
	headline := headlineFiles(set)
	for i := range set.Examples {
		x := &set.Examples[i]
		if x.Attack || x.generated() || DualUse(x.File) {
			continue
		}
		file := x.File
		if headline(file) {
			file = "recorded"
		}
		groups[file] = append(groups[file], i)
	}
	var base [model.Levels]int
	all := make([]int, 0, len(groups["recorded"]))
	for _, i := range groups["recorded"] {
		all = append(all, scores[i].top())
	}
	for k := range base {
		base[k] = Quantile(all, Rates[k])
	}
	for l := range levels {
		levels[l] = base
		for file, list := range groups {
			if len(list) < 500 || !bound(file) {
				continue
			}
			part := make([]int, len(list))
			for j, i := range list {
				part[j] = int(scores[i][l])
			}
			for k := range levels[l] {
				if t := Quantile(part, Rates[k]); t > levels[l][k] {
					levels[l][k] = t
				}
			}
		}
		for k := 1; k < model.Levels; k++ {
			if levels[l][k] <= levels[l][k-1] {
				levels[l][k] = levels[l][k-1] + 1
			}
		}
	}
	return levels
}

func (s *Scores) top() int {
	t := s[0]
	for l := 1; l < int(walk.Locs); l++ {
		if s[l] > t {
			t = s[l]
		}
	}
	return int(t)
}
