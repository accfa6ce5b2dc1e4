package model

// MaxStep is the number of features that one symbol can complete.
const MaxStep = maxStep

// Grams is the n-gram walk for the trainer: the same code that scores.
type Grams struct{ g grams }

// Reset starts a new value.
func (g *Grams) Reset() { g.g.reset(false) }

// Finish ends the value and writes the features that end there.
func (g *Grams) Finish(out *[MaxStep]uint32) int { return g.g.finish(out) }

// Slot returns the slot of a feature in a table of n weights.
func Slot(hash uint32, n int) uint32 { return uint32(uint64(hash) * uint64(n) >> 32) }

// TagSlots is how many slots in a row share the tag of a family.
const TagSlots = 1 << tagShift

// EdgeSlots returns the first slot of a table of n weights that belongs to edge
// features.
func EdgeSlots(n int) uint32 { return Slot(edgeBits, n) }

// Step takes a symbol and writes the hashes of the features it completes.
func (g *Grams) Step(sym uint8, out *[MaxStep]uint32) int { return g.g.step(sym, out) }

// Normalize appends the symbols of v to dst.
func Normalize(dst, v []byte) []byte { return normalize(dst, nil, v) }
