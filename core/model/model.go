// Package model is the supervised model as the engine reads it: its binary
// format, its loader and its scorer.
//
// A model is additive. Every distinct n-gram of a run of text has a weight, and
// the score of a value is the largest sum that any run of its text reaches
// (Kadane's maximum subarray, equally Page's CUSUM test of 1954). So padding a
// hostile value with harmless text cannot lower its score, memory is constant,
// and the winning run is the explanation.
package model

import (
	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
)

// Locs is the number of location kinds a model is calibrated for.
const Locs = 7

// Levels is the number of confidence levels above none.
const Levels = 3

// flagCount is the number of decode flags that have a weight.
const flagCount = 32

// Model is a loaded model: immutable, safe for concurrent use.
type Model struct {
	name    string
	version string
	created string
	kind    string
	slots   uint64
	scale   int
	bias    int
	flags   [flagCount]int
	levels  [Locs][Levels]int
	gate    kernel.Gate
	weights []byte
	tags    []byte
}

// Name returns name and version, "basic 1.2.0".
func (m *Model) Name() string { return m.name + " " + m.version }

// Kind returns "basic" or "advanced".
func (m *Model) Kind() string { return m.kind }

// Version returns the version alone.
func (m *Model) Version() string { return m.version }

// Created returns the day of the training run, "2026-11-22".
func (m *Model) Created() string { return m.created }

// Scale returns how many units of weight are one nat of log-odds.
func (m *Model) Scale() int { return m.scale }

// Gate returns the set of trigrams without which a value is clean.
func (m *Model) Gate() *kernel.Gate { return &m.gate }

// Weight returns the weight of a feature hash.
func (m *Model) Weight(hash uint32) int { return int(int8(m.weights[uint64(hash)*m.slots>>32])) }

// tag returns the family that a feature speaks for most.
func (m *Model) tag(hash uint32) Family {
	x := uint64(hash) * m.slots >> (32 + tagShift)
	return Family(m.tags[x>>1] >> (x & 1 * 4) & 15)
}

// FlagWeight returns the weight of a set of decode flags.
func (m *Model) FlagWeight(flags decode.Flags) int {
	s := 0
	for i := 0; flags != 0 && i < flagCount; i++ {
		if flags&1 != 0 {
			s += m.flags[i]
		}
		flags >>= 1
	}
	return s
}

// Level returns the confidence level (0 none … 3 critical) that a raw score
// reaches at a location kind, and the score scaled to 0…100: the levels begin
// at 50, 75 and 90.
func (m *Model) Level(loc int, raw int) (level, score int) {
	t := &m.levels[loc]
	switch {
	case raw < t[0]:
		low := t[0] - 8*m.scale
		if raw <= low {
			return 0, 0
		}
		return 0, (raw - low) * 49 / (t[0] - low)
	case raw < t[1]:
		return 1, 50 + (raw-t[0])*24/(t[1]-t[0])
	case raw < t[2]:
		return 2, 75 + (raw-t[1])*14/(t[2]-t[1])
	}
	score = 90 + (raw-t[2])/m.scale
	if score > 100 {
		score = 100
	}
	return 3, score
}
