package model

import "github.com/glacis-waf/glacis/core/kernel"

// maxStep is the number of features that one symbol can complete.
const maxStep = 7

// grams are the n-gram state of a walk over normalised symbols: the last ten
// symbols, the word at hand and the tokens before it.
type grams struct {
	last uint64
	word uint32
	prev [2]uint32
}

const (
	mix1 = 0x9E3779B97F4A7C15 // 2^64 / golden ratio (Knuth, TAOCP 3, 6.4)
	mix2 = 0xC2B2AE3D27D4EB4F
)

func (g *grams) reset() { *g = grams{} }

// step takes the next symbol and writes the hashes of the features that it
// completes: character n-grams of order 2 to 4, and at the end of a token the
// token with one and with two predecessors. Longer n-grams fit the training
// sources better and unseen sources worse.
func (g *grams) step(sym uint8, out *[maxStep]uint32) int {
	g.last = g.last<<6 | uint64(sym)
	l := g.last
	out[0] = uint32((l&0xfff | 1<<60) * mix1 >> 32)
	out[1] = uint32((l&0x3ffff | 2<<60) * mix1 >> 32)
	out[2] = uint32((l&0xffffff | 3<<60) * mix1 >> 32)
	n := 3
	if wordSymbol(sym) {
		g.word = (g.word ^ uint32(sym)) * 0x01000193
		if g.word == 0 {
			g.word = 1
		}
		return n
	}
	if g.word != 0 {
		n = g.token(g.word, out, n)
		g.word = 0
	}
	if sym != kernel.SymBlank && sym != kernel.SymEdge {
		// two tokens can end at one symbol: the word and the punctuation
		n = g.token(uint32(sym)|0x80000000, out, n)
	}
	return n
}

// token writes the features of one token: with one and two predecessors.
func (g *grams) token(t uint32, out *[maxStep]uint32, n int) int {
	b := (uint64(t) ^ uint64(g.prev[0])<<29) * mix2
	out[n] = uint32((b ^ b>>29) * mix1 >> 32)
	c := (b ^ uint64(g.prev[1])<<13) * mix1
	out[n+1] = uint32((c ^ c>>31) * mix2 >> 32)
	g.prev[1], g.prev[0] = g.prev[0], t
	return n + 2
}

func wordSymbol(sym uint8) bool {
	return sym >= 1 && sym <= kernel.SymDigit || sym == kernel.SymOpaque || sym == underscore || sym == kernel.SymHigh
}

const underscore = kernel.SymPunct + 26 // '_'
