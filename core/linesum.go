package core

import (
	"hash/maphash"
	"math"
	"strings"

	"github.com/glacis-waf/glacis/core/walk"
)

// sumSlots is how many outcomes a transaction object remembers: clients send the
// same User-Agent and Accept lines with every request, and a page and what it
// loads the same Cookie and Referer dozens of times. A line has sumWays slots to
// choose from.
const (
	sumSlots = 256
	sumWays  = 4
)

// lineSums remembers header lines that were clean when this transaction object
// saw them: what a line scores depends on nothing but its bytes. It does so by a
// keyed hash of 64 bits, from which nobody gets the text back and for which
// nobody outside can make two lines meet. A line that differs in one byte is
// inspected.
type lineSums struct {
	slot [sumSlots]lineSum
	hand [sumSlots / sumWays]uint8 // where find looks for room next
}

// lineSum is a line that was clean and what it cost.
type lineSum struct {
	key             uint64 // 0: free
	values, decoded uint16
	score           uint8
	again           bool // recalled since it came, or since it was spared
	// place is the application for which weak evidence in the line came to
	// nothing (learned.application), 0 if there was none.
	place uint16
}

// find returns the line's slot and its key: the slot that has the key, or one to
// put it into. Lines that were recalled are spared once (page replacement by
// clock, second chance), so that request ids and the like, which never come
// again, take each other's places and not those of lines that do.
func (s *lineSums) find(seed maphash.Seed, name, value string) (*lineSum, uint64) {
	key := (maphash.String(seed, name)*0x9E3779B97F4A7C15 + maphash.String(seed, value)) | 1
	set := key >> 32 % (sumSlots / sumWays)
	ways := s.slot[set*sumWays : set*sumWays+sumWays]
	for i := 0; i < sumWays; i++ {
		if ways[i].key == key {
			ways[i].again = true
			return &ways[i], key
		}
	}
	for {
		e := &ways[s.hand[set]%sumWays]
		s.hand[set]++
		if !e.again {
			return e, key
		}
		e.again = false
	}
}

// aboutBody tells the headers that note looks at.
func aboutBody(name string) bool {
	return len(name) == len("content-type") && strings.EqualFold(name, "content-type") ||
		len(name) == len("content-encoding") && strings.EqualFold(name, "content-encoding")
}

// recalled judges a header line, or remembers that it was clean.
func (t *Transaction) recalled(name, value string) {
	e, key := t.sums.find(t.engine.seed, name, value)
	reads := t.judge.learned != nil && t.judge.learned.reads(name)
	if e.key == key && (e.place == 0 || e.place == t.judge.learned.application()) && (!reads || len(value) <= walk.MaxValue) && t.walker.Spend(len(name)+len(value), int(e.values), int(e.decoded)) {
		t.judge.best = larger(t.judge.best, int(e.score))
		if reads {
			t.walker.Peek(append(t.line(len(value)), value...))
		}
		return
	}
	values, decoded := t.walker.Spent()
	counts, best, made := t.walker.Counts, t.judge.best, t.judge.made
	t.judge.best = 0
	vains := t.judge.learned.watchVain()
	t.walk(name, value, false)
	if v, d := t.walker.Spent(); t.walker.Counts == counts && t.judge.made == made && v-values <= math.MaxUint16 && d-decoded <= math.MaxUint16 {
		*e = lineSum{key: key, values: uint16(v - values), decoded: uint16(d - decoded), score: uint8(t.judge.best), place: t.judge.learned.vainFor(vains)}
	}
	t.judge.best = larger(t.judge.best, best)
}
