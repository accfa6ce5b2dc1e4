package walk

import (
	"bytes"

	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
)

var (
	zeroX      = []byte("0x")
	zeroUpperX = []byte("0X")
	quoteX     = []byte("x'")
	quoteUpper = []byte("X'")
	dashes     = []byte("--")
)

// Long values are respelled in the neighbourhood of their gate hits only.
const (
	regional    = 1 << 10
	regionFront = 96
	regionBack  = 256
)

// respell judges copies of v, which has gate hits (in w.hits, if it is longer
// than regional), as some interpreter may see it: with comments and quotes
// inside words removed, with literals replaced by the text they spell, with
// blanks for plus signs, whether or not it has blanks as well (somebody else may
// have put these there). The copies are not decoded further. What is hidden that way shows gate trigrams of its own
// (/**, ”, $i, 0x), so values without any are not respelled; but chains of
// literals, which need have none, are.
func (w *Walker) respell(v []byte, class kernel.Class, depth int, flags decode.Flags) {
	plain := class&^(word|kernel.Blank|kernel.Path|kernel.Under) == 0
	if !plain && len(v) <= regional {
		w.respellAll(v, class, depth, flags)
	}
	if plain || len(v) <= regional {
		w.literals(v, class, depth, flags)
		return
	}
	chain := chained(v, class)
	if chain {
		w.literals(v, class, depth, flags)
	}
	partial := w.ctx.Partial
	w.ctx.Partial = true
	h := &w.hits
	for i := 0; i < h.N; {
		from := int(h.Pos[i]) - regionFront
		to := int(h.Pos[i]) + regionBack
		for i++; i < h.N && int(h.Pos[i])-regionFront <= to; i++ {
			to = int(h.Pos[i]) + regionBack
		}
		if from < 0 {
			from = 0
		}
		if to > len(v) || i == kernel.MaxHits {
			to = len(v)
		}
		w.respellAll(v[from:to], class, depth, flags)
		if !chain {
			w.literals(v[from:to], class, depth, flags)
		}
	}
	w.ctx.Partial = partial
}

func (w *Walker) respellAll(v []byte, class kernel.Class, depth int, flags decode.Flags) {
	const splices = kernel.Quote | kernel.Shell | kernel.Backslash | kernel.Bracket
	if class&splices != 0 || bytes.Contains(v, dashes) {
		w.copied(v, depth, flags, decode.Splice, decode.Spliced, 1, "#splice")
	}
	if class&kernel.Plus != 0 {
		w.copied(v, depth, flags, plusToBlank, decode.Changed, 1, "#plus")
	}
	if class&kernel.Digit != 0 && class&(kernel.Paren|kernel.Bracket) != 0 {
		w.copied(v, depth, flags, decode.CharCodes, decode.Changed, 2, "#charcode")
	}
}

// spelled reports whether v has a 0x that no word goes before: without one
// decode.HexLiterals has nothing to do.
func spelled(v []byte) bool {
	i := 0
	for {
		k := bytes.IndexByte(v[i:], '0')
		if k < 0 {
			return false
		}
		i += k + 1
		if i < len(v) && v[i]|0x20 == 'x' && (i < 2 || kernel.Table[v[i-2]]&uint32(word|kernel.Under) == 0) {
			return true
		}
	}
}

// chained reports whether v has two hexadecimal literals or more: enough to
// spell something without a gate trigram (0x2e0x2e0x5c). Most values fail at
// their first search.
func chained(v []byte, class kernel.Class) bool {
	const least = 8 // 0x2e0x2e
	if class&kernel.Digit == 0 || class&(kernel.Lower|kernel.Upper) == 0 || len(v) < least {
		return false
	}
	return spelled(v) && bytes.Count(v, zeroX)+bytes.Count(v, zeroUpperX) >= 2
}

// literals judges v with its hexadecimal literals replaced by their text.
func (w *Walker) literals(v []byte, class kernel.Class, depth int, flags decode.Flags) {
	if class&kernel.Digit == 0 {
		return
	}
	if spelled(v) ||
		class&kernel.Quote != 0 && (bytes.Contains(v, quoteX) || bytes.Contains(v, quoteUpper)) {
		w.copied(v, depth, flags, decode.HexLiterals, decode.Changed, 1, "#hex")
	}
}

// copied judges what f makes of v if f sets the flag want, and reports whether
// it did.
func (w *Walker) copied(v []byte, depth int, flags decode.Flags, f func(dst, src []byte) ([]byte, decode.Flags), want decode.Flags, bound int, tag string) bool {
	size := w.piece(len(v)*bound) / bound
	done := false
	for {
		n := len(v)
		if n > size {
			n = size
		}
		dst := w.scratch(n*bound, len(v))
		if dst == nil {
			return done
		}
		out, got := f(dst, v[:n])
		if got&want != 0 {
			done = true
			arena := w.keep(out)
			mark := w.pushTag(tag)
			w.judgeAll(out, depth+1, flags|got&^decode.Changed)
			w.pop(mark)
			w.release(arena)
		}
		if n == len(v) {
			return done
		}
		v = v[n-decode.Overlap:]
	}
}

// judgeAll judges a copy, in pieces when it is longer than a Sink takes.
func (w *Walker) judgeAll(v []byte, depth int, flags decode.Flags) {
	for len(v) > MaxValue {
		w.judge(v[:MaxValue], depth, flags, &w.inner)
		v = v[MaxValue-decode.Overlap:]
	}
	w.judge(v, depth, flags, &w.inner)
}

// plusToBlank undoes form encoding once more, for servers that do.
func plusToBlank(dst, src []byte) ([]byte, decode.Flags) {
	out, _ := decode.Percent(dst, src, true)
	return out, decode.Changed
}
