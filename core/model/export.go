package model

// MaxStep is the number of features that one symbol can complete.
const MaxStep = maxStep

// Grams is the n-gram walk for the trainer: the same code that scores.
type Grams struct{ g grams }

// Reset starts a new value.
func (g *Grams) Reset() { g.g.reset(false) }

// Finish ends the value and writes the features that end there.
func (g *Grams) Finish(out *[MaxStep]uint32) int { return g.g.finish(out) }

// EdgeSlots returns the first slot of a table of 2^bits that belongs to edge
// features.
func EdgeSlots(bits uint) uint32 { return edgeBits >> (32 - bits) }

// Step takes a symbol and writes the hashes of the features it completes.
func (g *Grams) Step(sym uint8, out *[MaxStep]uint32) int { return g.g.step(sym, out) }

// Normalize appends the symbols of v to dst.
func Normalize(dst, v []byte) []byte { return normalize(dst, nil, v) }
