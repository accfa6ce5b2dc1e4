package walk

import (
	"hash/maphash"
	"sync"
)

// generation is how many texts a Recall keeps before it forgets those that did
// not come again.
const generation = 2 << 10

// Outcome is what became of a text that was judged.
type Outcome struct {
	// Score is the highest, -1 if there was something to report.
	Score int
	// Values, Decoded and Input are what it counts for.
	Values, Decoded, Input int
	// Type and Encoding are what a block of header lines says of the body.
	Type, Encoding string
	// More is what the caller wants to find again.
	More interface{}
}

// Recall remembers outcomes by keyed hashes of 64 bits, so that no text is kept
// and nobody outside can make two texts meet. It is safe for concurrent use and
// holds at most two generations.
type Recall struct {
	mu    sync.Mutex
	seed  maphash.Seed
	young map[uint64]Outcome
	old   map[uint64]Outcome
}

// NewRecall makes an empty Recall.
func NewRecall() *Recall {
	return &Recall{seed: maphash.MakeSeed(), young: map[uint64]Outcome{}, old: map[uint64]Outcome{}}
}

// sum tells texts apart by kind too.
func (c *Recall) sum(kind uint8, text string) uint64 {
	return maphash.String(c.seed, text) ^ uint64(kind)<<56 ^ uint64(len(text))<<32
}

// Find returns the outcome of a text of that kind.
func (c *Recall) Find(kind uint8, text string) (Outcome, bool) {
	key := c.sum(kind, text)
	c.mu.Lock()
	r, ok := c.young[key]
	if !ok {
		r, ok = c.old[key]
		if ok {
			c.set(key, r)
		}
	}
	c.mu.Unlock()
	return r, ok
}

// Keep remembers an outcome.
func (c *Recall) Keep(kind uint8, text string, r Outcome) {
	key := c.sum(kind, text)
	c.mu.Lock()
	c.set(key, r)
	c.mu.Unlock()
}

func (c *Recall) set(key uint64, r Outcome) {
	if len(c.young) >= generation {
		c.old = c.young
		c.young = map[uint64]Outcome{}
	}
	c.young[key] = r
}
