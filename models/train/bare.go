package train

import (
	"slices"

	"github.com/glacis-waf/glacis/core/kernel"
)

// A bare attack has no trigram in the gate: all of its own are common, as in
// "1 union select 1 from t", so that it would never be scored.
type bare struct {
	weight   float64
	trigrams []uint32
}

// newBare takes the trigrams of an attack that other sources have, too. Those at
// the value's front do not count: whoever sends it can put something before.
func newBare(x *Instance, text string, mark []int32, stamp int32, usual func(t uint32) bool) bare {
	b := bare{weight: float64(x.Weight)}
	each(text, mark, stamp, func(t uint32) {
		if t>>12 != kernel.SymEdge && usual(t) {
			b.trigrams = append(b.trigrams, t)
		}
	})
	return b
}

// cover opens the gate for bare attacks: again and again with the trigram that
// lets most of them in for what it costs in honest uses, until one costs more
// than price for each unit of their weight.
func cover(g *kernel.Gate, list []bare, cost []float64, price float64) {
	of, in := map[uint32][]int{}, make([]bool, len(list))
	for i := range list {
		for _, t := range list[i].trigrams {
			of[t] = append(of[t], i)
			in[i] = in[i] || g.Has(t) // opened for another attack since
		}
	}
	order := make([]uint32, 0, len(of)) // a map's own order would not repeat
	for t := range of {
		order = append(order, t)
	}
	slices.Sort(order)
	for {
		pick, top := uint32(0), 0.0
		for _, t := range order {
			weight := 0.0
			for _, i := range of[t] {
				if !in[i] {
					weight += list[i].weight
				}
			}
			if gain := weight / (cost[t] + 1); gain > top {
				pick, top = t, gain
			}
		}
		if top*price < 1 {
			return
		}
		g.Set(pick)
		for _, i := range of[pick] {
			in[i] = true
		}
	}
}
