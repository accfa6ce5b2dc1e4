// Package evasion searches for rewritings of an attack that score lower: the
// robustness test of the models. It knows nothing of the engine; the caller gives
// the score. What gets below the threshold after a number of steps, of the
// attacks that were caught as they were, is the published figure.
//
// Each step applies one mutation of package augment, which documents for every
// one of them why the attack still works. Two limits keep the rewritings real: at
// most one wrapper and one layer of encoding are put around a value, since
// something in front of the target has to undo each, and a value grows to at most
// growth times its length plus slack bytes.
package evasion

import (
	"math/rand/v2"

	"github.com/glacis-waf/glacis/models/augment"
)

const (
	growth = 6
	slack  = 2 << 10
	tries  = 12 // mutations drawn until one applies
)

// Search climbs down from value for a number of steps and returns the lowest
// scoring rewriting found with its score; value itself when nothing is lower.
// score is called once for value and at most once a step; it must be a function
// of its argument. Deterministic for a given source. steps ≤ 0 only scores the
// value.
//
// The climb moves by syntax and padding, follows equal scores too, so that
// plateaus can be crossed, and starts a fifth of its steps from the original.
// Wrappers and encodings are leaves: they are tried on the way, and nothing that
// looks at the text could follow them.
func Search(r *rand.Rand, value string, family string, score func(value string) float64, steps int) (best string, low float64) {
	mutations := augment.Mutations(family)
	best, low = value, score(value)
	cur, curScore := best, low
	if len(mutations) == 0 {
		return best, low
	}
	limit := growth*len(value) + slack
	for range steps {
		from := cur
		if r.IntN(5) == 0 {
			from = value
		}
		next, leaf := step(r, from, mutations)
		if next == from || len(next) > limit {
			continue
		}
		s := score(next)
		if s < low {
			best, low = next, s
		}
		if !leaf && s <= curScore {
			cur, curScore = next, s
		}
	}
	return best, low
}

// step applies the first mutation, of up to tries, that changes the value; a
// wrapper is now and then encoded as well.
func step(r *rand.Rand, value string, mutations []augment.Mutation) (next string, leaf bool) {
	for range tries {
		m := &mutations[r.IntN(len(mutations))]
		if next = m.Apply(r, value); next == value {
			continue
		}
		if m.Class == augment.Wrapper && r.IntN(4) == 0 {
			if e := &mutations[r.IntN(len(mutations))]; e.Class == augment.Encoding {
				next = e.Apply(r, next)
			}
		}
		return next, m.Class == augment.Wrapper || m.Class == augment.Encoding
	}
	return value, false
}
