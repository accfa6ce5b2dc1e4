package walk

import (
	"unicode/utf8"

	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
)

// Sets of byte classes. A value without any byte of the first two is done
// after one look.
const (
	word = kernel.Upper | kernel.Lower | kernel.Digit
	// escapes can be undone.
	escapes = kernel.Percent | kernel.Amp | kernel.Backslash | kernel.NonASCII | kernel.Control
	// framed values may be documents.
	framed = kernel.Angle | kernel.Bracket | kernel.Equal | kernel.Separator | kernel.NewLine | kernel.Colon
	// base64, hex and JWT have none of these.
	spaced = kernel.Blank | kernel.Quote | kernel.Angle | kernel.Bracket | kernel.Paren | kernel.Percent | kernel.Amp |
		kernel.Backslash | kernel.Control | kernel.NonASCII | kernel.Separator | kernel.Shell | kernel.Other
)

// value judges v and everything that can be decoded out of it. The caller has
// set the context's location and path.
func (w *Walker) value(v []byte, depth int, flags decode.Flags) {
	if len(v) == 0 {
		return
	}
	if len(v) > MaxValue {
		w.long(v, depth, flags)
		return
	}
	if w.skim != nil && w.skim.value(w, v, depth) || !w.admit(len(v)) {
		return
	}
	class := w.judge(v, depth, flags, &w.hits)
	hot := w.hits.N > 0
	if !hot && class&(escapes|framed) == 0 && (len(v) < minOpaque || class&(kernel.Upper|kernel.Digit) == 0) {
		return
	}
	if depth >= w.limits.Depth {
		w.Counts.Depth++
		w.Counts.Uninspected += int64(len(v))
		return
	}
	scans := w.scans
	o := w.whole(v, class, depth, flags)
	if o == settled || !hot && class&escapes == 0 && class&kernel.Plus == 0 && !chained(v, class) {
		return
	}
	w.decode(v, class, hot, scans, o, depth, flags)
}

// long is value for what is longer than a Sink takes: judged in pieces, taken
// apart as a whole, decoded in pieces.
func (w *Walker) long(v []byte, depth int, flags decode.Flags) {
	size, partial := even(len(v)), w.ctx.Partial
	class := kernel.Class(0)
	w.ctx.Partial = true
	for p := v; ; p = p[size-decode.Overlap:] {
		n := len(p)
		if n > size {
			n = size
		}
		if !w.admit(len(p)) {
			break
		}
		class |= w.judge(p[:n], depth, flags, &w.hits)
		if n == len(p) {
			break
		}
	}
	w.ctx.Partial = partial
	if depth >= w.limits.Depth {
		w.Counts.Depth++
		w.Counts.Uninspected += int64(len(v))
		return
	}
	o := w.whole(v, class, depth, flags)
	if o == settled {
		return
	}
	w.ctx.Partial = true
	p := v
	for {
		n := cut(p, w.piece(len(p)))
		kernel.Scan(p[:n], w.gate, &w.hits)
		w.decode(p[:n], class, w.hits.N > 0, w.scans, o, depth, flags)
		if n == len(p) {
			break
		}
		p = p[n-decode.Overlap:]
	}
	w.ctx.Partial = partial
}

// admit counts a value of n bytes against the limit.
func (w *Walker) admit(n int) bool {
	if w.values >= w.limits.Values {
		w.Counts.Values++
		w.Counts.Uninspected += int64(n)
		return false
	}
	w.values++
	return true
}

// judge scans v and hands it to the sink.
func (w *Walker) judge(v []byte, depth int, flags decode.Flags, hits *kernel.Hits) kernel.Class {
	w.scans++
	class := kernel.Scan(v, w.gate, hits)
	c := &w.ctx
	c.Depth, c.Flags, c.Class, c.Hits = depth, flags, class, hits
	w.sink.Value(c, v)
	return class
}

// whole tries the layers that are about all of the value: documents, binary
// formats, one random word.
func (w *Walker) whole(v []byte, class kernel.Class, depth int, flags decode.Flags) outcome {
	if class&framed != 0 {
		if o := w.document(v, class, depth, flags); o != open {
			return o
		}
	}
	if class&(kernel.NonASCII|kernel.Control) != 0 {
		return w.binary(v, class, depth, flags)
	}
	if class&spaced == 0 && class&(kernel.Upper|kernel.Digit) != 0 && len(v) >= minOpaque {
		w.opaque(v, class, depth, flags)
	}
	return open
}

// decode undoes the escapes of (a piece of) a value. What an escape was undone
// in is a value of its own, which has all the other layers tried on it; so the
// first that changes something settles the rest. hot tells that the value has
// gate hits, scans when w.hits held them.
func (w *Walker) decode(v []byte, class kernel.Class, hot bool, scans uint32, o outcome, depth int, flags decode.Flags) {
	if class&kernel.Percent != 0 && w.transform(v, o, depth, flags, percent, "#percent", 1) {
		return
	}
	if hot && class&kernel.NonASCII != 0 && o == open && !utf8.Valid(v) {
		w.copied(v, depth, flags, decode.Lossy, decode.Changed, 1, "#lossy")
	}
	if class&kernel.NonASCII != 0 && decode.NeedsUTF8(v) && w.transform(v, o, depth, flags, decode.UTF8, "#utf8", 1) {
		return
	}
	if class&kernel.Amp != 0 && w.transform(v, o, depth, flags, decode.HTML, "#html", 1) {
		return
	}
	if class&(kernel.Plus|kernel.Amp) != 0 && class&kernel.Path != 0 && decode.LooksUTF7(v) {
		w.transform(v, o, depth, flags, decode.UTF7, "#utf7", 2)
	}
	if class&kernel.Backslash != 0 {
		w.transform(v, o, depth, flags, decode.JSEscape, "#js", 1)
	}
	// Copies for one more look: they are judged, not decoded further.
	if hot && w.scans != scans && len(v) > regional {
		kernel.Scan(v, w.gate, &w.hits)
	}
	if hot {
		w.respell(v, class, depth, flags)
	} else if chained(v, class) {
		w.copied(v, depth, flags, decode.HexLiterals, decode.Changed, 1, "#hex")
	}
}

func percent(dst, src []byte) ([]byte, decode.Flags) { return decode.Percent(dst, src, false) }

// transform applies one escape decoder; if it changed something the result is
// a value of its own, or, of a value that was taken apart, a copy for one more
// look. It reports whether it did.
func (w *Walker) transform(v []byte, o outcome, depth int, flags decode.Flags, f func(dst, src []byte) ([]byte, decode.Flags), tag string, bound int) bool {
	if o == parted {
		return w.copied(v, depth, flags, f, decode.Changed, bound, tag)
	}
	if n := w.piece(len(v) * bound); n < len(v)*bound {
		return w.transformPieces(v, n/bound, depth, flags, f, tag, bound)
	}
	dst := w.scratch(len(v)*bound, len(v))
	if dst == nil {
		return false
	}
	out, got := f(dst, v)
	if got&decode.Changed == 0 {
		return false
	}
	if flags&got&(decode.Percented|decode.Entity|decode.JSEscaped) != 0 {
		got |= decode.DoubleEncoded
	}
	arena := w.keep(out)
	mark := w.pushTag(tag)
	w.value(out, depth+1, flags|got&^decode.Changed)
	w.pop(mark)
	w.release(arena)
	return true
}

// transformPieces is transform for a value that the free room does not hold.
// It never settles the value.
func (w *Walker) transformPieces(v []byte, size, depth int, flags decode.Flags, f func(dst, src []byte) ([]byte, decode.Flags), tag string, bound int) bool {
	partial := w.ctx.Partial
	for {
		n := cut(v, size)
		w.ctx.Partial = partial || n < len(v)
		// it fits now: piece never gives less than minPiece
		dst := w.scratch(n*bound, len(v))
		if dst == nil {
			break
		}
		if out, got := f(dst, v[:n]); got&decode.Changed != 0 {
			arena := w.keep(out)
			mark := w.pushTag(tag)
			w.value(out, depth+1, flags|got&^decode.Changed)
			w.pop(mark)
			w.release(arena)
		}
		if n == len(v) {
			break
		}
		v = v[n-decode.Overlap:]
	}
	w.ctx.Partial = partial
	return false
}
