package api

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
)

// The bounds of a ring.
const (
	ringEvents = 10000
	ringBytes  = 16 << 20
)

// ring holds the latest events. It is safe for concurrent use.
type ring struct {
	mu     sync.Mutex
	events [][]byte
	bytes  int
	last   uint64 // the number of the newest event
}

func newRing() *ring { return new(ring) }

// add adds events, one a line.
func (r *ring) add(lines []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for line := range bytes.Lines(lines) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		r.events = append(r.events, bytes.Clone(line))
		r.bytes += len(line)
		r.last++
	}
	for len(r.events) > ringEvents || r.bytes > ringBytes {
		r.bytes -= len(r.events[0])
		r.events[0] = nil
		r.events = r.events[1:]
	}
}

// page is what a reader of a ring wants.
type page struct {
	// limit is how many events at most; after and before bound their numbers,
	// both excluded, and a before of 0 is none.
	limit         int
	after, before uint64
	match         func(event []byte) bool
}

// list returns the events of a page, the newest first, the number of the newest
// of all, and where to go on: the before of the next page, 0 if there is none.
// It does not keep those who add waiting while it compares.
func (r *ring) list(p page) (found []json.RawMessage, last, next uint64) {
	r.mu.Lock()
	events, last := slices.Clone(r.events), r.last
	r.mu.Unlock()
	found = []json.RawMessage{}
	for i, event := range slices.Backward(events) {
		number := last - uint64(len(events)-1-i)
		if number <= p.after {
			break
		}
		if p.before != 0 && number >= p.before || !p.match(event) {
			continue
		}
		if len(found) == p.limit {
			return found, last, next
		}
		found, next = append(found, event), number
	}
	return found, last, 0
}
