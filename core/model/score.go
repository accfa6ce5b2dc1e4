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

// StampSize is the size of the table that lets a feature count once in a run.
const StampSize = 1024

// Scorer scores values with a model. It owns fixed work space, allocates
// nothing and is meant to be pooled with its transaction. Not safe for
// concurrent use.
type Scorer struct {
	model *Model
	g     grams
	stamp [StampSize]uint64
	epoch uint64
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
func region(hits *kernel.Hits, i, n int) (from, to, next int) {
	from = int(hits.Pos[i]) - before
	if from < 0 {
		from = 0
	}
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
	skip := s.begin(v, from, to)
	shift := 32 - s.model.bits
	w := s.model.weights
	sum, top := 0, 0
	for i := 0; i < len(s.syms); i++ {
		n := s.g.step(s.syms[i], &s.out)
		if i < skip {
			continue
		}
		for k := 0; k < n; k++ {
			h := s.out[k]
			tag := s.epoch<<32 | uint64(h)
			if s.stamp[h%StampSize] == tag {
				continue
			}
			s.stamp[h%StampSize] = tag
			sum += int(int8(w[h>>shift]))
		}
		if sum <= 0 {
			sum = 0
			s.epoch++
		} else if sum > top {
			top = sum
		}
	}
	return top
}

// begin normalises v[from:to] and returns how many symbols only warm up the
// n-grams: at a border inside the value there is no edge to be seen.
func (s *Scorer) begin(v []byte, from, to int) (skip int) {
	s.syms = normalize(s.syms[:0], v[from:to])
	if to == len(v) {
		s.syms = append(s.syms, kernel.SymEdge)
	}
	s.g.reset()
	s.epoch++
	if from > 0 {
		skip = warmUp
	}
	return skip
}

// warmUp is the reach of the longest n-gram.
const warmUp = 4
