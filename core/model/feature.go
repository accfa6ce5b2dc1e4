package model

import "github.com/glacis-waf/glacis/core/kernel"

// featureSet numbers the features below; a model says which it was trained on.
const featureSet = 3

// maxStep is the number of features that one symbol can complete: three
// character n-grams, and a pair and a triple each for the word and the
// punctuation mark that can end at one symbol.
const maxStep = 7

// edgeBits are set in the hash of a feature that reaches beyond the value's
// start or end, and in no other: the last eighth of a table holds the edges.
// Whoever sends a value can move its edges by padding, so the trainer keeps
// their weights at EdgeCap or below.
const edgeBits = 0xE0000000

// EdgeCap is the largest weight of an edge feature, in nats.
const EdgeCap = 0.3

// grams are the n-gram state of a walk over normalised symbols.
type grams struct {
	last   uint64 // the last symbols, six bits each
	seen   int    // how many symbols there were, up to 4
	word   uint32 // hash of the word at hand, 0 for none
	prev   [2]uint32
	tokens int  // how many tokens there were, up to 2
	inside bool // the walk began within a value
	cut    bool // the word at hand began before the walk did
}

const (
	mix1 = 0x9E3779B97F4A7C15 // 2^64 / golden ratio (Knuth, TAOCP 3, 6.4)
	mix2 = 0xC2B2AE3D27D4EB4F
)

// reset starts a walk; inside says that it begins within a value: there is no
// edge to be seen, and a word at its start may lack its beginning.
func (g *grams) reset(inside bool) {
	g.last, g.seen, g.word, g.tokens = 0, 0, 0, 0
	g.prev[0], g.prev[1] = 0, 0
	g.inside, g.cut = inside, inside
}

// step takes the next symbol and writes the hashes of the features that it
// completes: character n-grams of order 2 to 4, and at the end of a token the
// token with one and with two predecessors. Longer n-grams fit the training
// sources better and unseen sources worse.
func (g *grams) step(sym uint8, out *[maxStep]uint32) int {
	g.last = g.last<<6 | uint64(sym)
	if g.seen < 4 {
		g.seen++
	}
	n := g.chars(out, g.seen)
	if wordSymbol(sym) {
		g.word = (g.word ^ uint32(sym)) * 0x01000193
		if g.word == 0 {
			g.word = 1
		}
		return n
	}
	n = g.endWord(out, n)
	if sym != kernel.SymBlank && sym != kernel.SymEdge {
		n = g.token(uint32(sym)|0x80000000, out, n)
	}
	return n
}

// finish ends the value: the n-grams that reach beyond it, and its last word.
func (g *grams) finish(out *[maxStep]uint32) int {
	g.last <<= 6
	n := 0
	if g.seen > 0 {
		n = g.chars(out, 1)
	}
	return g.endWord(out, n)
}

// chars writes the character n-grams that end at the last symbol. Those of
// more than real symbols reach beyond an edge.
func (g *grams) chars(out *[maxStep]uint32, real int) int {
	l := g.last
	if real >= 4 {
		out[0] = hash(l&0xfff | 1<<60)
		out[1] = hash(l&0x3ffff | 2<<60)
		out[2] = hash(l&0xffffff | 3<<60)
		return 3
	}
	if g.inside && g.seen < 4 {
		return 0
	}
	out[0] = hash(l&0xfff | 1<<60)
	out[1] = hash(l&0x3ffff | 2<<60)
	out[2] = hash(l&0xffffff | 3<<60)
	if real < 2 {
		out[0] |= edgeBits
	}
	if real < 3 {
		out[1] |= edgeBits
	}
	out[2] |= edgeBits
	return 3
}

// hash maps an n-gram to 32 bits outside of the edges.
func hash(key uint64) uint32 { return plain(uint32(key * mix1 >> 32)) }

func plain(h uint32) uint32 {
	if h >= edgeBits {
		h &^= 0x80000000
	}
	return h
}

// endWord ends the word at hand, appending its features to the n in out.
func (g *grams) endWord(out *[maxStep]uint32, n int) int {
	w := g.word
	g.word = 0
	if g.cut {
		g.cut = false
		return n
	}
	if w == 0 {
		return n
	}
	return g.token(w, out, n)
}

// token appends the features of one token: with one and two predecessors. A
// missing predecessor is the value's start; a walk within a value knows none.
func (g *grams) token(t uint32, out *[maxStep]uint32, n int) int {
	b := (uint64(t) ^ uint64(g.prev[0])<<29) * mix2
	c := (b ^ uint64(g.prev[1])<<13) * mix1
	pair, triple := plain(uint32((b^b>>29)*mix1>>32)), plain(uint32((c^c>>31)*mix2>>32))
	had := g.tokens
	if had < 2 {
		g.tokens++
	}
	g.prev[1] = g.prev[0]
	g.prev[0] = t
	if had < 1 {
		pair |= edgeBits
	}
	if had < 2 {
		triple |= edgeBits
	}
	if !g.inside || had >= 1 {
		out[n] = pair
		n++
	}
	if !g.inside || had >= 2 {
		out[n] = triple
		n++
	}
	return n
}

func wordSymbol(sym uint8) bool {
	return sym >= 1 && sym <= kernel.SymDigit || sym == kernel.SymOpaque || sym == underscore || sym == kernel.SymHigh
}

const underscore = kernel.SymPunct + 26 // '_'
