package train

import (
	"testing"

	"github.com/glacis-waf/glacis/core/kernel"
)

// TestCover: the trigram that lets in most for its cost comes first, what is
// let in counts no more, and what is too dear stays out.
func TestCover(t *testing.T) {
	const many, few, dear, front = 70, 71, 72, 73
	cost := make([]float64, trigrams)
	cost[many], cost[few], cost[dear] = 99, 49, 9999
	list := []bare{
		{weight: 1, trigrams: []uint32{many, few}},
		{weight: 1, trigrams: []uint32{many, dear}},
		{weight: 1, trigrams: []uint32{many}},
		{weight: 1, trigrams: []uint32{dear}},
		{weight: 1}, // nothing to let it in by
	}
	for _, c := range []struct {
		price float64
		want  []uint32
	}{
		{30, nil},
		{40, []uint32{many}},
		{1e3, []uint32{many}},
		{1e4, []uint32{many, dear}},
	} {
		var g kernel.Gate
		cover(&g, list, cost, c.price)
		open := map[uint32]bool{}
		for _, k := range c.want {
			open[k] = true
		}
		for _, k := range []uint32{many, few, dear, front} {
			if g.Has(k) != open[k] {
				t.Errorf("price %g: %d is in the gate: %t", c.price, k, g.Has(k))
			}
		}
	}
}

// TestNewBare leaves out the front of a value, and what no other source has.
func TestNewBare(t *testing.T) {
	x := &Instance{Weight: 0.5}
	mark := make([]int32, trigrams)
	b := newBare(x, "1 or", mark, 1, func(uint32) bool { return true })
	if b.weight != 0.5 || len(b.trigrams) != 2 {
		t.Errorf("weight %g, %d trigrams of \"1 o\" and \" or\"", b.weight, len(b.trigrams))
	}
	if b := newBare(x, "1 or", mark, 2, func(uint32) bool { return false }); len(b.trigrams) != 0 {
		t.Errorf("%d trigrams that are unusual", len(b.trigrams))
	}
}
