package model

import (
	"strings"
	"testing"
)

// steps walks over symbols and returns the features of every step. With end
// the last entry are the features of the value's end.
func steps(syms []uint8, inside, end bool) [][]uint32 {
	var g grams
	var out [maxStep]uint32
	g.reset(inside)
	all := make([][]uint32, 0, len(syms)+1)
	for i := 0; i < len(syms); i++ {
		n := g.step(syms[i], &out)
		all = append(all, append([]uint32(nil), out[:n]...))
	}
	if end {
		n := g.finish(&out)
		all = append(all, append([]uint32(nil), out[:n]...))
	}
	return all
}

// had collects the features of all steps.
func had(all [][]uint32) map[uint32]bool {
	set := map[uint32]bool{}
	for i := 0; i < len(all); i++ {
		for k := 0; k < len(all[i]); k++ {
			set[all[i][k]] = true
		}
	}
	return set
}

// isEdge reports whether a feature lies in the last eighth of the table.
func isEdge(h uint32) bool { return h >= edgeBits }

type featureCase struct {
	In     string `json:"in"`
	Tokens int    `json:"tokens"`
}

func featureCases(t testing.TB) []featureCase {
	t.Helper()
	var cases []featureCase
	table(t, "feature.json", &cases)
	return cases
}

// TestEdges checks of every feature of whole values that it lies in the last
// eighth of the table exactly when it reaches beyond the value's start or end.
func TestEdges(t *testing.T) {
	cases := featureCases(t)
	for i := 0; i < len(cases); i++ {
		c := cases[i]
		all := steps(normalize(nil, nil, []byte(c.In)), false, true)
		tokens := 0
		for at := 0; at < len(all); at++ {
			last := at == len(all)-1
			f := all[at]
			chars := 3
			if last && at == 0 {
				chars = 0 // nothing has no ends
			}
			for k := 0; k < len(f); k++ {
				want := false
				if k < chars {
					// an n-gram of k+2 symbols, at+1 of which there are
					want = last || k+2 > at+1
				} else if (k-chars)%2 == 0 {
					want = tokens < 1
				} else {
					want = tokens < 2
					tokens++
				}
				if isEdge(f[k]) != want {
					t.Errorf("%q: feature %d of step %d is %08x; in the last eighth: %t", c.In, k, at, f[k], want)
				}
			}
		}
		if tokens != c.Tokens {
			t.Errorf("%q has %d tokens instead of %d", c.In, tokens, c.Tokens)
		}
	}
}

// TestContext checks that text around a value, a blank between, changes its
// edge features only: all others are still there.
func TestContext(t *testing.T) {
	cases := featureCases(t)
	for i := 0; i < len(cases); i++ {
		checkContext(t, cases[i].In, "see also", "(and more)")
		checkContext(t, cases[i].In, "7", "'")
	}
}

// checkContext walks v alone and between two texts.
func checkContext(t *testing.T, v, left, right string) {
	t.Helper()
	v = strings.Trim(v, " \t") // these would join the separating blanks
	alone := had(steps(normalize(nil, nil, []byte(v)), false, true))
	among := had(steps(normalize(nil, nil, []byte(left+" "+v+" "+right)), false, true))
	for h := range alone {
		if !isEdge(h) && !among[h] {
			t.Errorf("%q loses %08x between %q and %q", v, h, left, right)
		}
	}
}

// TestInside checks walks that begin within a value: at whatever symbol they
// begin, they find no feature that the whole value does not have, nothing
// that reaches beyond the start, and no word that might lack its beginning.
func TestInside(t *testing.T) {
	cases := featureCases(t)
	for i := 0; i < len(cases); i++ {
		syms := normalize(nil, nil, []byte(cases[i].In))
		whole := had(steps(syms, false, true))
		for from := 1; from < len(syms); from++ {
			part := steps(syms[from:], true, false)
			for at := 0; at < len(part); at++ {
				for k := 0; k < len(part[at]); k++ {
					h := part[at][k]
					if isEdge(h) || !whole[h] {
						t.Errorf("%q from %d: feature %08x of step %d is an edge: %t, is of the whole: %t",
							cases[i].In, from, h, at, isEdge(h), whole[h])
					}
				}
			}
			ended := had(steps(syms[from:], true, true))
			for h := range ended {
				if !whole[h] {
					t.Errorf("%q from %d: feature %08x of its end is not one of the whole", cases[i].In, from, h)
				}
			}
		}
	}
}

// TestCutWord checks the word at the start of a region: neither it nor a pair
// or triple with it is a feature, what follows is.
func TestCutWord(t *testing.T) {
	syms := normalize(nil, nil, []byte("union all select pin from"))
	part := steps(syms[2:], true, false) // "ion all select pin from"
	whole := steps(syms, false, false)
	if len(part[0]) != 0 || len(part[1]) != 0 || len(part[2]) != 0 {
		t.Errorf("features before there are four symbols: %v", part[:3])
	}
	// behind "ion" no token, behind "all" none, behind "select" a pair
	// (all, select), behind "pin" pair and triple
	ends := []int{3, 7, 14, 18}
	for i := 0; i < len(ends); i++ {
		extra := i - 1
		if extra < 0 {
			extra = 0
		}
		p, w := part[ends[i]], whole[ends[i]+2]
		if len(p) != 3+extra {
			t.Fatalf("word %d completes %d features", i, len(p)-3)
		}
		for k := 0; k < len(p); k++ {
			if p[k] != w[k] {
				t.Errorf("word %d: feature %d is %08x, in the whole %08x", i, k, p[k], w[k])
			}
		}
	}
}

// TestEdgeSlots checks that the last eighth begins where the trainer is told.
func TestEdgeSlots(t *testing.T) {
	for n := minSlots; n <= maxSlots; n += slotUnit {
		if k := EdgeSlots(n); k != uint32(n/8*7) {
			t.Fatalf("%d slots: edges from slot %d", n, k)
		}
	}
	for _, h := range []uint32{0, 1, 0x7fffffff, 0x80000000, 0xdfffffff, 0xe0000000, 0xffffffff} {
		if p := plain(h); isEdge(p) || p&0x1fffffff != h&0x1fffffff {
			t.Errorf("%08x becomes %08x", h, p)
		}
	}
}

// TestEdgeWeights checks the model that ships: no edge weighs more than EdgeCap.
func TestEdgeWeights(t *testing.T) {
	m := basicModel(t)
	limit := int(EdgeCap*float64(m.scale) + 0.5)
	for i := int(EdgeSlots(len(m.weights))); i < len(m.weights); i++ {
		if w := int(int8(m.weights[i])); w > limit {
			t.Fatalf("edge slot %d weighs %d, more than %d", i, w, limit)
		}
	}
}
