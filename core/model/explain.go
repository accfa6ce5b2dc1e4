package model

import (
	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
)

// MaxTokens is how many features an Explanation names.
const MaxTokens = 8

// Token is a feature with its weight.
type Token struct {
	Text   string
	Weight int
}

// Explanation says why a value scored as it did. Start and End bound the
// winning run in the value, in bytes.
type Explanation struct {
	Raw        int
	Family     Family
	Start, End int
	Tokens     []Token
}

// Explain scores v again and tells which run won, the family its features
// speak for and those that weighed most. It allocates.
func (s *Scorer) Explain(v []byte, hits *kernel.Hits, flags decode.Flags) Explanation {
	var x Explanation
	top := 0
	for i := 0; i < hits.N; {
		var from, to int
		from, to, i = region(hits, i, len(v))
		n, start, end := s.trace(v, from, to)
		if n > top {
			top = n
			x.Start, x.End = from+start, from+end
		}
	}
	if top == 0 {
		x.Raw = Clean
		return x
	}
	x.Raw = top + s.model.bias + s.model.FlagWeight(flags)
	s.tokens(&x, v[x.Start:x.End])
	return x
}

// trace is run with positions: it returns the bounds of the winning run in
// v[from:to], in bytes.
func (s *Scorer) trace(v []byte, from, to int) (top, start, end int) {
	skip := s.begin(v, from, to)
	sum, open, first, last := 0, 0, 0, 0
	for i := 0; i < len(s.syms); i++ {
		n := s.g.step(s.syms[i], &s.out)
		if i < skip {
			continue
		}
		for k := 0; k < n; k++ {
			if h := s.out[k]; s.fresh(h) {
				sum += s.model.Weight(h)
			}
		}
		if sum <= 0 {
			sum, open = 0, i+1
			s.epoch++
		} else if sum > top {
			top, first, last = sum, open, i
		}
	}
	if top == 0 {
		return 0, 0, 0
	}
	// the n-grams of the first symbol reach back
	first -= warmUp - 1
	return top, byteOf(v[from:to], first), byteOf(v[from:to], last+1)
}

// fresh reports whether the run at hand has not had this feature yet.
func (s *Scorer) fresh(h uint32) bool {
	tag := s.epoch<<32 | uint64(h)
	if s.stamp[h%StampSize] == tag {
		return false
	}
	s.stamp[h%StampSize] = tag
	return true
}

// byteOf returns the index of the byte that became symbol n.
func byteOf(v []byte, n int) int {
	if n <= 0 {
		return 0
	}
	buf := make([]uint8, 0, len(v))
	low, high := 0, len(v)
	// normalize is monotonous in the length of its input
	for low < high {
		mid := (low + high) / 2
		if len(normalize(buf[:0], v[:mid])) < n {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// tokens names the features of the winning run that weigh most and lets all of
// them vote on the family.
func (s *Scorer) tokens(x *Explanation, v []byte) {
	s.syms = normalize(s.syms[:0], v)
	s.g.reset()
	s.epoch++
	var votes [Families]int
	for i := 0; i < len(s.syms); i++ {
		n := s.g.step(s.syms[i], &s.out)
		for k := 0; k < n; k++ {
			h := s.out[k]
			w := s.model.Weight(h)
			if w <= 0 || !s.fresh(h) {
				continue
			}
			if f := s.model.tag(h); f < Families {
				votes[f] += w
			}
			x.add(spell(s.syms, i, k), w)
		}
	}
	for f := 1; f < int(Families); f++ {
		if votes[f] > votes[x.Family] || x.Family == None && votes[f] > 0 {
			x.Family = Family(f)
		}
	}
}

// add keeps the heaviest tokens, heaviest first.
func (x *Explanation) add(text string, w int) {
	i := len(x.Tokens)
	for i > 0 && x.Tokens[i-1].Weight < w {
		i--
	}
	if i >= MaxTokens {
		return
	}
	if len(x.Tokens) < MaxTokens {
		x.Tokens = append(x.Tokens, Token{})
	}
	copy(x.Tokens[i+1:], x.Tokens[i:])
	x.Tokens[i] = Token{Text: text, Weight: w}
}

// spell writes feature k completed at symbol i: a character n-gram as it
// reads, a token sequence as the text back to its beginning.
func spell(syms []uint8, i, k int) string {
	n := k + 2
	if k >= 3 {
		n = 12
	}
	from := i + 1 - n
	if from < 0 {
		from = 0
	}
	b := make([]byte, 0, n)
	for _, sym := range syms[from : i+1] {
		b = append(b, kernel.Letter(sym))
	}
	return string(b)
}
