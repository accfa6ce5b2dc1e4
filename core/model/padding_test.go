package model

import "testing"

// paddings is testdata/padding.json.
type paddings struct {
	Attacks  []string `json:"attacks"`
	Paddings []string `json:"paddings"`
	// Odd are the paddings that TestPaddingNeverLowers leaves out. One fuses
	// with letters next to it to a random-looking word. The others shrink to a
	// few symbols when normalized, so that the start of a region, whose first
	// three symbols complete no feature, reaches into the attack.
	Odd     []string `json:"odd"`
	Lengths []int    `json:"lengths"`
	// Prose, Sizes and Bounds are for TestPaddingLevel: honest texts, how many
	// bytes of them, and what they may do to the attacks.
	Prose  []string       `json:"prose"`
	Sizes  []int          `json:"sizes"`
	Bounds []paddingBound `json:"bounds"`
}

// paddingBound says how many of a thousand attacks may lose a level when
// honest text stands there: Lower those of any level, Lost those that were at
// high confidence or above and no longer are, Shut those that no longer have a
// trigram of the gate.
type paddingBound struct {
	Place string `json:"place"`
	Lower int    `json:"lower"`
	Lost  int    `json:"lost"`
	Shut  int    `json:"shut"`
}

// padded calls visit for every attack with every padding before, after and on
// both sides. It is no method: yaegi hands types with methods to encoding/json wrapped.
func padded(p paddings, visit func(attack, padding, value string)) {
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
	padded(p, func(attack, padding, value string) {
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
