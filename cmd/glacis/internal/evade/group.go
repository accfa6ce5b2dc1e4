package evade

import "github.com/glacis-waf/glacis/cmd/glacis/internal/eval"

// Rate is a share with its 95 % Wilson interval.
type Rate = eval.Rate

func newRate(k, n int) Rate {
	low, high := eval.Wilson(k, n)
	return Rate{Count: k, Rate: float64(k) / float64(max(n, 1)), Low: low, High: high}
}

// Group is the outcome for a file, a family or all.
type Group struct {
	Name string `json:"name,omitempty"`
	// Tried is how many values were sent as they are, Blocked how many of them
	// the engine blocked: the attacks that were rewritten. Tried is absent for
	// families.
	Tried   int `json:"tried,omitempty"`
	Blocked int `json:"blocked"`
	// Evaded is the share of the blocked that got through.
	Evaded Rate `json:"evaded"`
}

func (g *Group) add(x *Outcome) {
	g.Blocked++
	k := g.Evaded.Count
	if x.Evaded {
		k++
	}
	g.Evaded = newRate(k, g.Blocked)
}
