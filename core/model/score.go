package model

import (
	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
)

// A value is scored in the neighbourhood of its gate hits only: from before
// bytes in front of a hit to after bytes behind it.
const (
	before = 48
	after  = 64
)

// Scorer scores values with a model. It owns fixed work space, allocates
// nothing and is meant to be pooled with its transaction. Not safe for
// concurrent use.
type Scorer struct {
	model *Model
	g     grams
	walk  walk
	syms  []uint8
	out   [maxStep]uint32
}

// NewScorer makes a Scorer for values of up to max bytes.
func NewScorer(m *Model, max int) *Scorer {
	return &Scorer{model: m, syms: make([]uint8, 0, max+1)}
}

// Score returns the value's raw score: the best run's sum plus bias and flags,
// or Clean when no gate trigram or no positive run was found.
func (s *Scorer) Score(v []byte, hits *kernel.Hits, flags decode.Flags) int {
	if hits.N == 0 {
		return Clean
	}
	top := 0
	from, to := 0, 0
	for i := 0; i < hits.N; {
		from, to, i = region(hits, i, len(v))
		if n := s.run(v, from, to); n > top {
			top = n
		}
	}
	if top == 0 {
		return Clean
	}
	return top + s.model.bias + s.model.FlagWeight(flags)
}

// Clean is the raw score of a value without any evidence.
const Clean = -1 << 20

// region returns the bounds of the region of hit i merged with all that
// overlap it, and the index of the first hit behind it.
func region(hits *kernel.Hits, i, n int) (int, int, int) {
	from := int(hits.Pos[i]) - before
	if from < 0 {
		from = 0
	}
	to := 0
	for {
		to = int(hits.Pos[i]) + after
		i++
		if i == hits.N || int(hits.Pos[i])-before > to {
			break
		}
	}
	if to > n || i == kernel.MaxHits {
		to = n
	}
	return from, to, i
}

// run returns the largest sum of weights that a run of v[from:to] reaches.
func (s *Scorer) run(v []byte, from, to int) int {
	s.syms = normalize(s.syms[:0], nil, v[from:to])
	s.g.reset(from > 0)
	s.walk.begin()
	k := &s.walk
	shift := 32 - s.model.bits
	drop := Drop * s.model.scale
	w := s.model.weights
	for i := 0; i <= len(s.syms); i++ {
		n := 0
		if i < len(s.syms) {
			n = s.g.step(s.syms[i], &s.out)
		} else if to == len(v) {
			n = s.g.finish(&s.out)
		}
		for j := 0; j < n; j++ {
			h := s.out[j]
			x := int(int8(w[h>>shift]))
			if x == 0 {
				continue
			}
			tag := k.epoch<<32 | uint64(h)
			if k.stamp[h%StampSize] == tag {
				continue
			}
			k.stamp[h%StampSize] = tag
			k.sum += x
		}
		k.settle(drop)
	}
	return k.top
}
