package train

import (
	"github.com/glacis-waf/glacis/core/model"
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
// level of the recorded traffic as a whole, with the offsets of the places,
// raised where a single location kind of a single group of ordinary traffic
// would exceed the rate. The reserve has no say.
func (r *Result) Calibrate() {
	set, scores, levels := r.Set, r.Scores, &r.Tables.Levels
	r.Offsets = r.places()
	groups := map[string][]int{}
	headline := headlineFiles(set)
	for i := range set.Examples {
		x := &set.Examples[i]
		if x.Attack || !x.measured() || DualUse(x.File) || r.reserved(x) {
			continue
		}
		file := x.File
		if headline(file) {
			file = "recorded"
		}
		groups[file] = append(groups[file], i)
	}
	var base [model.Levels]int
	all := make([]int, len(groups["recorded"]))
	for k := range base {
		for j, i := range groups["recorded"] {
			all[j] = scores[i].topBy(&r.Offsets[k])
		}
		base[k] = Quantile(all, Rates[k])
	}
	for l := range levels {
		for k := range base {
			levels[l][k] = base[k] + r.Offsets[k][l]
		}
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
}
