package train

import (
	"math"

	"github.com/glacis-waf/glacis/core/model"
)

// tally counts requests and how many reached each confidence level, and each
// operating point.
type tally struct {
	n            int
	level, point [model.Levels]int
}

func (t *tally) levels() []share { return t.shares(byLevel) }
func (t *tally) points() []share { return t.shares(byPoint) }

// counts chooses what of a tally to look at.
type counts func(*tally) *[model.Levels]int

func byLevel(t *tally) *[model.Levels]int { return &t.level }
func byPoint(t *tally) *[model.Levels]int { return &t.point }

func (t *tally) shares(of counts) []share {
	out := make([]share, model.Levels)
	for k, hit := range of(t) {
		out[k].rate = t.rate(of, k)
		out[k].low, out[k].high = Wilson(hit, t.n)
	}
	return out
}

func (t *tally) rate(of counts, k int) float64 { return float64(of(t)[k]) / float64(t.n) }

// measured is a training run counted by group. Every group has a request.
type measured struct {
	// attack and benign are by file, family and shape are attacks by these.
	attack, benign, family, shape map[string]*tally
	// headline is the traffic of headlineFiles as a whole.
	headline tally
}

// measure counts the left-out scores: those of the reserve, or of all others.
func (r *Result) measure(reserve bool) *measured {
	m := &measured{attack: map[string]*tally{}, benign: map[string]*tally{}, family: map[string]*tally{}, shape: map[string]*tally{}}
	headline := headlineFiles(r.Set)
	limit := r.thresholds(headline, reserve)
	for i := range r.Set.Examples {
		x := &r.Set.Examples[i]
		if !x.measured() || r.reserved(x) != reserve {
			continue
		}
		var groups []*tally
		if x.Attack {
			shape := x.Shape
			if shape == "" {
				shape = "not stated"
			}
			groups = []*tally{group(m.attack, x.File), group(m.family, FamilyOf(x.Category).Name()), group(m.shape, shape)}
		} else {
			groups = []*tally{group(m.benign, x.File)}
			if headline(x.File) {
				groups = append(groups, &m.headline)
			}
		}
		level := r.Level(i)
		var top [model.Levels]int
		for k := range top {
			top[k] = r.Scores[i].topBy(&r.Offsets[k])
		}
		for _, t := range groups {
			t.n++
			for k := range limit {
				if level > k {
					t.level[k]++
				}
				if top[k] >= limit[k] {
					t.point[k]++
				}
			}
		}
	}
	return m
}

func group(groups map[string]*tally, name string) *tally {
	t := groups[name]
	if t == nil {
		t = new(tally)
		groups[name] = t
	}
	return t
}

// measured reports whether an example is a request of a source, and one that
// can be told by its values.
func (x *Example) measured() bool {
	return !x.generated() && !x.Augmented && !(x.Attack && x.Weak)
}

// headlineFiles chooses the benign files whose false positives are fixed: the
// recorded traffic, or, where none is known as such, all that is not dual use.
func headlineFiles(set *Set) func(file string) bool {
	for i := range set.Examples {
		if x := &set.Examples[i]; !x.Attack && Recorded(x.File) {
			return Recorded
		}
	}
	return func(file string) bool { return !DualUse(file) }
}

// thresholds are the raw scores that the shares Rates of the headline traffic
// reach: one for all places, the offsets of places apart.
func (r *Result) thresholds(headline func(file string) bool, reserve bool) (limit [model.Levels]int) {
	var all []int
	for k := range limit {
		all = all[:0]
		for i := range r.Set.Examples {
			if x := &r.Set.Examples[i]; !x.Attack && x.measured() && headline(x.File) && r.reserved(x) == reserve {
				all = append(all, r.Scores[i].topBy(&r.Offsets[k]))
			}
		}
		if len(all) == 0 {
			limit[k] = math.MaxInt
			continue
		}
		limit[k] = Quantile(all, Rates[k])
	}
	return limit
}

// Level returns the confidence level that example i reached.
func (r *Result) Level(i int) int {
	top := 0
	for l, s := range r.Scores[i] {
		for k := top; k < len(r.Tables.Levels[l]); k++ {
			if int(s) >= r.Tables.Levels[l][k] {
				top = k + 1
			}
		}
	}
	return top
}

// counted lists the benign files that make the averages.
func (m *measured) counted() []*tally {
	var out []*tally
	for _, name := range sorted(m.benign) {
		if !DualUse(name) {
			out = append(out, m.benign[name])
		}
	}
	return out
}

func (m *measured) attackList() []*tally {
	var out []*tally
	for _, name := range sorted(m.attack) {
		out = append(out, m.attack[name])
	}
	return out
}

// macro is the mean share detected over attack sources. Its interval is over
// the choice of sources: how far another collection of sources would differ.
func (m *measured) macro(of counts) []share { return means(m.attackList(), of) }

// falseMacro is the mean share flagged over benign files.
func (m *measured) falseMacro() []share { return means(m.counted(), byLevel) }

func means(list []*tally, of counts) []share {
	out := make([]share, model.Levels)
	for k := range out {
		out[k] = bootstrap(func(d draw) float64 { return meanRate(list, d, of, k) })
	}
	return out
}

// balanced is the mean of the share of attacks detected and the share of
// honest requests that pass, both averaged over files.
func (m *measured) balanced(of counts) []share {
	attack, benign := m.attackList(), m.counted()
	out := make([]share, model.Levels)
	for k := range out {
		out[k] = bootstrap(func(d draw) float64 {
			return (meanRate(attack, d, of, k) + 1 - meanRate(benign, d, of, k)) / 2
		})
	}
	return out
}

// meanRate is the mean rate of the tallies drawn; 0 for none.
func meanRate(list []*tally, d draw, of counts, k int) float64 {
	if len(list) == 0 {
		return 0
	}
	sum := 0.0
	for _, i := range d(len(list)) {
		sum += list[i].rate(of, k)
	}
	return sum / float64(len(list))
}
