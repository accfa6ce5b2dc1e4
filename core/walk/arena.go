package walk

import "github.com/glacis-waf/glacis/core/decode"

// minPiece is the least room that is worth decoding into.
const minPiece = 512

// piece returns how much of a value of n bytes to decode at once: all of it, or
// as much as leaves room for the layers below.
func (w *Walker) piece(n int) int {
	if n <= MaxValue/16 {
		return n
	}
	p := (cap(w.arena) - len(w.arena)) / 3
	if p > MaxValue {
		p = MaxValue
	}
	if p < minPiece {
		p = minPiece
	}
	if n < p {
		return n
	}
	return p
}

// scratch reserves room for n decoded bytes on the arena, or returns nil when
// the arena or the transaction's decode budget is spent; left is how many bytes
// stay unseen then.
func (w *Walker) scratch(n, left int) []byte {
	if w.decoded+n > w.limits.DecodedRatio*w.input+w.limits.DecodedSlack || len(w.arena)+n > cap(w.arena) {
		w.Counts.Decoded++
		w.Counts.Uninspected += int64(left)
		return nil
	}
	return w.arena[len(w.arena):len(w.arena):cap(w.arena)]
}

// keep makes out, which was appended to scratch, part of the arena and returns
// the mark for release.
func (w *Walker) keep(out []byte) int {
	mark := len(w.arena)
	w.decoded += len(out)
	if mark+len(out) <= cap(w.arena) {
		w.arena = w.arena[:mark+len(out)]
	}
	return mark
}

func (w *Walker) release(mark int) { w.arena = w.arena[:mark] }

// cut returns where to end a piece of v that is to have about n bytes: not in
// the middle of an escape. The next piece begins Overlap before that.
func cut(v []byte, n int) int {
	if n >= len(v) {
		return len(v)
	}
	for i := n - 1; i > n-7 && i > 0; i-- {
		if v[i] == '%' || v[i] == '\\' || v[i] == '&' {
			return i
		}
	}
	return n
}

// even returns the size of the pieces, at most MaxValue long and of about the
// same length, into which a value of n bytes is cut.
func even(n int) int {
	const step = MaxValue - decode.Overlap
	k := (n - decode.Overlap + step - 1) / step
	return (n-decode.Overlap+k-1)/k + decode.Overlap
}
