package model

import "testing"

// The tests in this file score some ten thousand values: too many for an
// interpreter.

// TestExplainPadded checks the explanations of all attacks of the padding
// table with the model that ships.
func TestExplainPadded(t *testing.T) {
	var p paddings
	table(t, "padding.json", &p)
	p.Lengths = []int{3, 70}
	s := NewScorer(basicModel(t), 1000)
	padded(p, func(attack, padding, value string) { checkExplanation(t, s, value) })
}

// TestPaddingLength checks that it is only the padding's neighbourhood that
// counts: beyond the reach of a region more of it changes nothing.
func TestPaddingLength(t *testing.T) {
	var p paddings
	table(t, "padding.json", &p)
	s := NewScorer(basicModel(t), 1<<15)
	for i := 0; i < len(p.Attacks); i++ {
		for j := 0; j < len(p.Paddings); j++ {
			a, x := p.Attacks[i], p.Paddings[j]
			near := repeat(x, 20*len(x)*(1+16/len(x)))
			far := repeat(x, 20*len(near))
			if n, f := rate(s, near+a+near, 0), rate(s, far+a+far, 0); n != f {
				t.Errorf("%q among %q: %d with %d bytes, %d with %d", a, x, n, len(near), f, len(far))
			}
		}
	}
}

// TestPaddingLevel counts, with the model that ships, the padded attacks that
// fall below high confidence.
func TestPaddingLevel(t *testing.T) {
	var p paddings
	table(t, "padding.json", &p)
	m := basicModel(t)
	s := NewScorer(m, 1<<14)
	const query = 1
	n, lost, lower, worst := 0, 0, 0, 0
	padded(p, func(attack, padding, value string) {
		alone, have := rate(s, attack, 0), rate(s, value, 0)
		before, _ := m.Level(query, alone)
		after, _ := m.Level(query, have)
		if before < 2 {
			return
		}
		n++
		if have < alone {
			lower++
		}
		if have-alone < worst {
			worst = have - alone
		}
		if after < 2 {
			lost++
		}
	})
	t.Logf("%d of %d padded attacks score lower, by %d at most; %d fall below high", lower, n, -worst, lost)
	if n == 0 || lost*100 > n*p.LostPercent {
		t.Errorf("%d of %d padded attacks fall below high, more than %d %%", lost, n, p.LostPercent)
	}
}
