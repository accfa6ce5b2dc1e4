package model

import "testing"

// paddings is testdata/padding.json. LostPercent bounds how many of the padded
// attacks may fall below high confidence: n-grams that reach over the border
// of attack and padding carry evidence too ("a quote at the very start").
type paddings struct {
	Attacks  []string `json:"attacks"`
	Paddings []string `json:"paddings"`
	// Odd are the paddings that TestPaddingNeverLowers leaves out. One fuses
	// with letters next to it to a random-looking word. The others shrink to a
	// few symbols when normalized, so that the scorer's warm-up at the border
	// of a region, six symbols, reaches into the attack.
	Odd         []string `json:"odd"`
	Lengths     []int    `json:"lengths"`
	LostPercent int      `json:"lost_percent"`
}

// padded calls visit for every attack with every padding before, after and on
// both sides. period is the length of what the padding repeats.
func (p *paddings) padded(visit func(attack, padding, value string)) {
	for i := 0; i < len(p.Attacks); i++ {
		a := p.Attacks[i]
		for j := 0; j < len(p.Paddings); j++ {
			for k := 0; k < len(p.Lengths); k++ {
				x := repeat(p.Paddings[j], p.Lengths[k])
				visit(a, p.Paddings[j], x+a)
				visit(a, p.Paddings[j], a+x)
				visit(a, p.Paddings[j], x+a+x)
			}
		}
	}
}

// TestPaddingNeverLowers checks the claim of the package on a model without
// evidence across borders: no padding of any length lowers a score.
func TestPaddingNeverLowers(t *testing.T) {
	var p paddings
	table(t, "padding.json", &p)
	s := NewScorer(toyModel(t, 0), 1<<14)
	p.Attacks = []string{"attack!", "an attack!", "(attack!)"}
	p.padded(func(attack, padding, value string) {
		for i := 0; i < len(p.Odd); i++ {
			if p.Odd[i] == padding {
				return
			}
		}
		if have, least := rate(s, value, 0), rate(s, attack, 0); have < least {
			t.Errorf("%q scores %d, %.60q %d", attack, least, value, have)
		}
	})
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
	p.padded(func(attack, padding, value string) {
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
