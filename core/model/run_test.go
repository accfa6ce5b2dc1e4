package model

import "testing"

// TestSettle drives a walk through given sums, a step each.
func TestSettle(t *testing.T) {
	var cases []struct {
		Name  string `json:"name"`
		Drop  int    `json:"drop"`
		Steps []int  `json:"steps"`
		Ended []int  `json:"ended"`
		Best  []int  `json:"best"`
		Top   int    `json:"top"`
	}
	table(t, "run.json", &cases)
	var k walk
	for i := 0; i < len(cases); i++ {
		c := cases[i]
		k.begin()
		ends, bests := 0, 0
		for at := 0; at < len(c.Steps); at++ {
			k.sum += c.Steps[at]
			ended, best := k.settle(c.Drop)
			if ended && (ends >= len(c.Ended) || c.Ended[ends] != at) || best && (bests >= len(c.Best) || c.Best[bests] != at) {
				t.Errorf("%s: at step %d ended %t, best %t", c.Name, at, ended, best)
			}
			if ended {
				ends++
			}
			if best {
				bests++
			}
		}
		if ends != len(c.Ended) || bests != len(c.Best) || k.top != c.Top {
			t.Errorf("%s: %d ends, %d bests, top %d", c.Name, ends, bests, k.top)
		}
	}
}

// TestBestOfAll compares a walk with all stretches tried one by one: it finds
// the largest sum of those that nowhere fall drop or more below their peak.
func TestBestOfAll(t *testing.T) {
	seed := uint32(7)
	var k walk
	for round := 0; round < 300; round++ {
		steps := make([]int, 2+round%11)
		for i := 0; i < len(steps); i++ {
			seed = seed*1664525 + 1013904223
			steps[i] = int(seed>>24)%21 - 10
		}
		drop := 1 + round%17
		k.begin()
		for i := 0; i < len(steps); i++ {
			k.sum += steps[i]
			k.settle(drop)
		}
		if want := bestOfAll(steps, drop); k.top != want {
			t.Errorf("steps %v, drop %d: %d instead of %d", steps, drop, k.top, want)
		}
	}
}

// bestOfAll tries every stretch.
func bestOfAll(steps []int, drop int) int {
	top := 0
	for from := 0; from < len(steps); from++ {
		sum, peak := 0, 0
		for i := from; i < len(steps); i++ {
			sum += steps[i]
			if sum > peak {
				peak = sum
			}
			if sum <= peak-drop {
				break
			}
			if sum > top {
				top = sum
			}
		}
	}
	return top
}

// TestFresh checks that a feature is fresh once in a run, again in the next,
// and that the third of a pair of places in the table of stamps drives out the
// first, which then counts again: that costs accuracy and nothing else.
func TestFresh(t *testing.T) {
	var k walk
	k.begin()
	if !k.fresh(5) || k.fresh(5) || !k.fresh(6) || k.fresh(6) || k.fresh(5) {
		t.Error("a feature is not fresh exactly once")
	}
	if !k.fresh(5+StampSize) || k.fresh(5) || k.fresh(5+StampSize) {
		t.Error("two features do not share a pair of places")
	}
	if !k.fresh(5+2*StampSize) || k.fresh(5+StampSize) || !k.fresh(5) {
		t.Error("a third feature does not take the place of the first")
	}
	k.sum = -1
	if ended, _ := k.settle(100); !ended || !k.fresh(5) || k.fresh(5) {
		t.Error("a feature is not fresh in the next run")
	}
	k.begin()
	if !k.fresh(5) {
		t.Error("a feature is not fresh in the next value")
	}
	if !k.fresh(0) {
		t.Error("feature 0 is not fresh")
	}
}

// TestRestart checks on text that a run ends Drop nats below its peak: what
// stands before a long enough gap takes no part in the score behind it.
func TestRestart(t *testing.T) {
	m := toyModel(t, -1)
	s := NewScorer(m, 1000)
	const gap = " the quick brown fox jumps by"
	for _, c := range []struct {
		value string
		anew  bool
	}{
		{"attack of attack!", false},
		{"attack the quick attack!", false},
		{"attack" + gap + " attack!", true},
	} {
		have := rate(s, c.value, 0) - m.bias
		if want := topWith(m, c.value, Drop*m.scale); have != want {
			t.Errorf("%q scores %d, by the rules %d", c.value, have, want)
		}
		// a run that never falls too far goes on from the first word
		if on := topWith(m, c.value, 1<<20); (have > on) != c.anew {
			t.Errorf("%q scores %d, without a bound on the fall %d", c.value, have, on)
		}
		if alone := topWith(m, c.value[len("attack"):], Drop*m.scale); (have >= alone) != c.anew {
			t.Errorf("%q scores %d, without its first word %d", c.value, have, alone)
		}
	}
}

// topWith is the best run of a whole value by the rules, with a bound of its own.
func topWith(m *Model, v string, drop int) int {
	return topOf(m, steps(normalize(nil, nil, []byte(v)), false, true), drop)
}

// topOf is the best run written down plainly: of features step by step.
func topOf(m *Model, all [][]uint32, drop int) int {
	var k walk
	k.begin()
	for i := 0; i < len(all); i++ {
		for j := 0; j < len(all[i]); j++ {
			if w := m.Weight(all[i][j]); w != 0 && k.fresh(all[i][j]) {
				k.sum += w
			}
		}
		k.settle(drop)
	}
	return k.top
}
