package walk

import (
	"bytes"

	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
)

// Classes whose presence can make a decoder apply. A value of other bytes only
// is done after one look.
const (
	decodable = kernel.Percent | kernel.Amp | kernel.Backslash | kernel.Quote | kernel.Angle | kernel.Bracket |
		kernel.NewLine | kernel.Control | kernel.NonASCII | kernel.Equal | kernel.Separator | kernel.Shell | kernel.Paren
	// base64 and hex have none of these
	spaced = kernel.Blank | kernel.Quote | kernel.Angle | kernel.Bracket | kernel.Paren | kernel.Percent | kernel.Amp |
		kernel.Backslash | kernel.Control | kernel.NonASCII | kernel.Separator | kernel.Shell
)

// value judges v and everything that can be decoded out of it. The caller has
// set the context's location and path.
func (w *Walker) value(v []byte, depth int, flags decode.Flags) {
	if len(v) == 0 {
		return
	}
	if w.values >= w.limits.Values {
		w.Counts.Values++
		w.Counts.Uninspected += int64(len(v))
		return
	}
	w.values++
	class := w.judge(v, depth, flags)
	hot := w.hits.N > 0
	if class&decodable == 0 && (len(v) < 8 || class&(kernel.Upper|kernel.Digit) == 0) {
		return
	}
	if depth >= w.limits.Depth {
		w.Counts.Depth++
		w.Counts.Uninspected += int64(len(v))
		return
	}
	if class&decodable == 0 {
		w.opaque(v, class, depth, flags)
		return
	}
	w.decode(v, class, hot, depth, flags)
}

// judge scans v and hands it to the sink.
func (w *Walker) judge(v []byte, depth int, flags decode.Flags) kernel.Class {
	class := kernel.Scan(v, w.gate, &w.hits)
	c := &w.ctx
	c.Depth, c.Flags, c.Class = depth, flags, class
	w.sink.Value(c, v)
	return class
}

// opaque tries the layers that look like one random word.
func (w *Walker) opaque(v []byte, class kernel.Class, depth int, flags decode.Flags) {
	if class&spaced != 0 {
		return
	}
	if decode.LooksJWT(v) {
		w.dotted(v, depth, flags)
		return
	}
	if decode.LooksBase64(v) != decode.Base64None {
		w.base64(v, depth, flags)
	}
	if len(v) >= 16 {
		w.hex(v, depth, flags)
	}
}

// decode tries every decoder that the byte classes allow. Containers first:
// their leaves get precise locations; then the escapes, on the whole value.
func (w *Walker) decode(v []byte, class kernel.Class, hot bool, depth int, flags decode.Flags) {
	if w.container(v, class, depth, flags) {
		return
	}
	if class&(kernel.NonASCII|kernel.Control) != 0 && w.binary(v, class, depth, flags) {
		return
	}
	if class&spaced == 0 && len(v) >= 8 {
		w.opaque(v, class, depth, flags)
	} else if class&kernel.Separator != 0 && class&kernel.Colon != 0 {
		if _, payload, b64, ok := decode.DataURL(v); ok && b64 {
			w.base64(payload, depth, flags)
		}
	}
	if class&kernel.Percent != 0 {
		if w.transform(v, depth, flags, percent, "#percent", 1) {
			return
		}
	}
	if class&kernel.NonASCII != 0 && decode.NeedsUTF8(v) {
		if w.transform(v, depth, flags, decode.UTF8, "#utf8", 1) {
			return
		}
	}
	if class&kernel.Amp != 0 {
		if w.transform(v, depth, flags, decode.HTML, "#html", 1) {
			return
		}
	}
	if class&kernel.Backslash != 0 {
		if w.transform(v, depth, flags, decode.JSEscape, "#js", 1) {
			return
		}
	}
	if class&kernel.Plus != 0 && class&kernel.Path != 0 && decode.LooksUTF7(v) {
		w.transform(v, depth, flags, decode.UTF7, "#utf7", 2)
	}
	// what is spliced shows gate trigrams of its own (/**, '', $i)
	if hot {
		w.splice(v, class, depth, flags)
	}
}

func percent(dst, src []byte) ([]byte, decode.Flags) { return decode.Percent(dst, src, false) }

// transform applies one escape decoder; if it changed something the result is
// a value of its own. It reports whether it did.
func (w *Walker) transform(v []byte, depth int, flags decode.Flags, f func(dst, src []byte) ([]byte, decode.Flags), tag string, bound int) bool {
	dst := w.scratch(len(v) * bound)
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

// splice judges the value once more with comments and quotes inside words
// removed. The result is not decoded further.
func (w *Walker) splice(v []byte, class kernel.Class, depth int, flags decode.Flags) {
	dst := w.scratch(len(v))
	if dst == nil {
		return
	}
	out, got := decode.Splice(dst, v)
	if got&decode.Spliced != 0 {
		arena := w.keep(out)
		mark := w.pushTag("#splice")
		w.judge(out, depth+1, flags|decode.Spliced)
		w.pop(mark)
		w.release(arena)
	}
	if class&kernel.Digit == 0 {
		return
	}
	if class&(kernel.Paren|kernel.Bracket) != 0 {
		w.respell(v, depth, flags, decode.CharCodes, 2, "#charcode")
	}
	if bytes.Contains(v, zeroX) || bytes.Contains(v, zeroUpperX) {
		w.respell(v, depth, flags, decode.HexLiterals, 1, "#hex")
	}
}

// respell judges the value once more with literals replaced by the text they
// spell. The result is not decoded further.
func (w *Walker) respell(v []byte, depth int, flags decode.Flags, f func(dst, src []byte) ([]byte, decode.Flags), bound int, tag string) {
	dst := w.scratch(len(v) * bound)
	if dst == nil {
		return
	}
	out, got := f(dst, v)
	if got&decode.Changed == 0 {
		return
	}
	arena := w.keep(out)
	mark := w.pushTag(tag)
	w.judge(out, depth+1, flags|got&^decode.Changed)
	w.pop(mark)
	w.release(arena)
}

// hex undoes a whole value of hexadecimal digits that spell text.
func (w *Walker) hex(v []byte, depth int, flags decode.Flags) {
	dst := w.scratch(len(v))
	if dst == nil {
		return
	}
	out, ok := decode.HexString(dst, v)
	if !ok {
		return
	}
	arena := w.keep(out)
	mark := w.pushTag("#hex")
	w.value(out, depth+1, flags|decode.Hexed)
	w.pop(mark)
	w.release(arena)
}

// base64 undoes one base64 layer if what is under it is plausible.
func (w *Walker) base64(v []byte, depth int, flags decode.Flags) {
	dst := w.scratch(len(v))
	if dst == nil {
		return
	}
	out, ok := decode.Base64(dst, v)
	if !ok || !decode.TextLike(out) {
		return
	}
	arena := w.keep(out)
	mark := w.pushTag("#base64")
	w.value(out, depth+1, flags|decode.Based64)
	w.pop(mark)
	w.release(arena)
}

// dotted undoes a JWT or another list of base64 parts joined by dots.
func (w *Walker) dotted(v []byte, depth int, flags decode.Flags) {
	parts, n := decode.SplitJWT(v)
	mark := w.pushTag("#jwt")
	for i := 0; i < n; i++ {
		w.base64(parts[i], depth, flags)
	}
	w.pop(mark)
}
