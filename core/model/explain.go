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

// trace is run with positions: it returns the winning sum and the bounds of the
// winning run in v[from:to], in bytes.
func (s *Scorer) trace(v []byte, from, to int) (int, int, int) {
	pos := make([]int32, 0, to-from)
	s.syms = normalize(s.syms[:0], &pos, v[from:to])
	s.g.reset(from > 0)
	s.walk.begin()
	open, first, last := 0, 0, -1
	for i := 0; i <= len(s.syms); i++ {
		n := 0
		if i < len(s.syms) {
			n = s.g.step(s.syms[i], &s.out)
		} else if to == len(v) {
			n = s.g.finish(&s.out)
		}
		ended, best := s.add(n, Drop*s.model.scale)
		if ended {
			open = i + 1
		} else if best {
			first, last = open, i
		}
	}
	if last < 0 {
		return 0, 0, 0
	}
	// the n-grams of the first symbol reach back
	first -= reach
	start, end := 0, to-from
	if first > 0 {
		start = int(pos[first-1])
	}
	if last < len(pos) {
		end = int(pos[last])
	}
	return s.walk.top, start, end
}

// reach is how many symbols before the one that completes it a character
// n-gram begins.
const reach = 3

// tokens names the features of the winning run that weigh most and lets all of
// them vote on the family.
func (s *Scorer) tokens(x *Explanation, v []byte) {
	s.syms = normalize(s.syms[:0], nil, v)
	s.g.reset(false)
	s.walk.begin()
	votes := make([]int, Families)
	for i := 0; i <= len(s.syms); i++ {
		n := 0
		if i < len(s.syms) {
			n = s.g.step(s.syms[i], &s.out)
		} else {
			n = s.g.finish(&s.out)
		}
		for k := 0; k < n; k++ {
			h := s.out[k]
			w := s.model.Weight(h)
			if w <= 0 || !s.walk.fresh(h) {
				continue
			}
			if f := s.model.tag(h); f < Families {
				votes[f] += w
			}
			order := 12
			if k < 3 {
				order = k + 2
			}
			x.add(spell(s.syms, i, order), w)
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

// spell writes the n symbols that end at i as they read: a character n-gram
// itself, for a sequence of tokens the text back to its beginning.
func spell(syms []uint8, i, n int) string {
	if i == len(syms) {
		i--
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
