package api

import (
	"bytes"
	"encoding/json"
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

// list returns the newest events with a number above after, and the number of
// the newest of all.
func (r *ring) list(limit int, after uint64, match func([]byte) bool) (found []json.RawMessage, last uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	found = []json.RawMessage{}
	for i := len(r.events) - 1; i >= 0 && len(found) < limit; i-- {
		if r.last-uint64(len(r.events)-1-i) <= after {
			break
		}
		if match(r.events[i]) {
			found = append(found, r.events[i])
		}
	}
	return found, r.last
}
