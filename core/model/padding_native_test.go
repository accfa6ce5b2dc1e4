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

// paddingCount is what padding at one place did to the attacks.
type paddingCount struct {
	n, lower, higher int // of those that had a level
	high, lost       int // of those that had high confidence
	shut             int // of all that had a level
	worst            int // the largest loss of raw score of those not shut
}

func (c *paddingCount) add(m *Model, alone, among int) {
	const query = 1
	before, _ := m.Level(query, alone)
	after, _ := m.Level(query, among)
	if before == 0 {
		return
	}
	c.n++
	if after < before {
		c.lower++
	}
	if after > before {
		c.higher++
	}
	if before >= 2 {
		c.high++
		if after < 2 {
			c.lost++
		}
	}
	if among == Clean {
		c.shut++
	} else if alone-among > c.worst {
		c.worst = alone - among
	}
}

// TestPaddingLevel puts every attack into honest text of 10 bytes to 30 KB, a
// blank between, and counts with the model that ships those whose level
// changes. Padding should change little: what it takes away are the edges, what
// it adds to the attack's own steps are the n-grams across the border.
func TestPaddingLevel(t *testing.T) {
	var p paddings
	table(t, "padding.json", &p)
	m := basicModel(t)
	s := NewScorer(m, 1<<16)
	const before, after = 1, 2
	for place := before; place <= before+after; place++ {
		var all paddingCount
		b := p.Bounds[place-1]
		for _, size := range p.Sizes {
			var c paddingCount
			for _, a := range p.Attacks {
				alone := rate(s, a, 0)
				for _, x := range p.Prose {
					v, text := a, repeat(x, size)
					if place&before != 0 {
						v = text + " " + v
					}
					if place&after != 0 {
						v += " " + text
					}
					among := rate(s, v, 0)
					c.add(m, alone, among)
					all.add(m, alone, among)
				}
			}
			t.Logf("%s, %5d bytes: %d lower and %d higher of %d; of %d at high confidence %d lost; %d shut; %d units lost at most",
				b.Place, size, c.lower, c.higher, c.n, c.high, c.lost, c.shut, c.worst)
		}
		if all.n < 100*len(p.Sizes) {
			t.Errorf("%s: only %d padded attacks have a level", b.Place, all.n)
		}
		if all.lower*1000 > b.Lower*all.n || all.lost*1000 > b.Lost*all.high || all.shut*1000 > b.Shut*all.n {
			t.Errorf("%s: of %d padded attacks %d are lower and %d shut, of %d at high confidence %d lost: more than the bounds in 1000, %+v",
				b.Place, all.n, all.lower, all.shut, all.high, all.lost, b)
		}
	}
}
