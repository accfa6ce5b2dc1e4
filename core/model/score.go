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

// run returns the largest sum of weights that a run of v[from:to] reaches. It is
// grams.step, walk.fresh and walk.settle written into one loop, for speed: the
// tests hold it to what Explain finds with those.
func (s *Scorer) run(v []byte, from, to int) int {
	s.syms = normalize(s.syms[:0], nil, v[from:to])
	syms := s.syms
	s.g.reset(from > 0)
	s.walk.begin()
	drop := Drop * s.model.scale
	i := 0
	for i < len(syms) && i < reach {
		s.add(s.g.step(syms[i], &s.out), drop)
		i++
	}
	g, k := &s.g, &s.walk
	slots := s.model.slots
	w := s.model.weights
	last, word := g.last, g.word
	epoch, sum, peak, top := k.epoch<<32, k.sum, k.peak, k.top
	tag, at := uint64(0), uint32(0)
	for i < len(syms) {
		sym := syms[i]
		i++
		last = last<<6 | uint64(sym)
		h := hash(last&0xfff | 1<<60)
		if x := int(int8(w[uint64(h)*slots>>32])); x != 0 {
			tag = epoch | uint64(h)
			at = h & StampMask
			if k.stamp[at] != tag && k.stamp[at+1] != tag {
				k.stamp[at+1] = k.stamp[at]
				k.stamp[at] = tag
				sum += x
			}
		}
		h = hash(last&0x3ffff | 2<<60)
		if x := int(int8(w[uint64(h)*slots>>32])); x != 0 {
			tag = epoch | uint64(h)
			at = h & StampMask
			if k.stamp[at] != tag && k.stamp[at+1] != tag {
				k.stamp[at+1] = k.stamp[at]
				k.stamp[at] = tag
				sum += x
			}
		}
		h = hash(last&0xffffff | 3<<60)
		if x := int(int8(w[uint64(h)*slots>>32])); x != 0 {
			tag = epoch | uint64(h)
			at = h & StampMask
			if k.stamp[at] != tag && k.stamp[at+1] != tag {
				k.stamp[at+1] = k.stamp[at]
				k.stamp[at] = tag
				sum += x
			}
		}
		if wordSymbol(sym) {
			word = (word ^ uint32(sym)) * 0x01000193
			if word == 0 {
				word = 1
			}
		} else {
			g.word = word
			n := g.endWord(&s.out, 0)
			if sym != kernel.SymBlank && sym != kernel.SymEdge {
				n = g.token(uint32(sym)|0x80000000, &s.out, n)
			}
			word = 0
			for j := 0; j < n; j++ {
				h = s.out[j]
				x := int(int8(w[uint64(h)*slots>>32]))
				tag = epoch | uint64(h)
				at = h & StampMask
				if x != 0 && k.stamp[at] != tag && k.stamp[at+1] != tag {
					k.stamp[at+1] = k.stamp[at]
					k.stamp[at] = tag
					sum += x
				}
			}
		}
		if sum <= 0 || sum <= peak-drop {
			sum, peak = 0, 0
			epoch += 1 << 32
		} else if sum > peak {
			peak = sum
			if sum > top {
				top = sum
			}
		}
	}
	g.last, g.word = last, word
	if len(syms) > reach {
		g.seen = reach + 1
	}
	k.epoch, k.sum, k.peak, k.top = epoch>>32, sum, peak, top
	if to == len(v) {
		s.add(s.g.finish(&s.out), drop)
	}
	return k.top
}

// add counts the first n features of out and closes the step, as walk.settle
// does.
func (s *Scorer) add(n, drop int) (bool, bool) {
	for j := 0; j < n; j++ {
		h := s.out[j]
		if x := s.model.Weight(h); x != 0 && s.walk.fresh(h) {
			s.walk.sum += x
		}
	}
	return s.walk.settle(drop)
}
