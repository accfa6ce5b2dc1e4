package walk

import "github.com/glacis-waf/glacis/core/decode"

// wideOrder tells whether v is UTF-16 or UTF-32 by where its NULs stand. A byte
// order mark alone is not believed: an attacker may put one before plain text.
func wideOrder(v []byte) decode.Order {
	if len(v) >= 6 && (v[0] == 0xff && v[1] == 0xfe || v[0] == 0xfe && v[1] == 0xff) {
		v = v[2:]
		if len(v) >= 6 && v[0] == 0 && v[1] == 0 {
			v = v[2:]
		}
	}
	order, ok := decode.LooksUTF16(v)
	if !ok || v[0] == 0xff && v[1] == 0xfe || v[0] == 0xfe && v[1] == 0xff {
		return decode.OrderNone
	}
	return order
}

// wide judges the narrow form of a value.
func (w *Walker) wide(v []byte, order decode.Order, depth int, flags decode.Flags) {
	partial := w.ctx.Partial
	mark := w.pushTag("#utf16")
	for len(v) > 0 {
		n := w.piece(len(v)+len(v)/2) / 3 * 2 &^ 3
		if n+4 > len(v) {
			n = len(v)
		}
		dst := w.scratch(n+n/2+4, len(v))
		if dst == nil {
			break
		}
		out, used := decode.UTF16(dst, v[:n], order, n == len(v))
		w.ctx.Partial = partial || n < len(v)
		arena := w.keep(out)
		w.value(out, depth+1, flags|decode.Wide)
		w.release(arena)
		if n == len(v) {
			break
		}
		v = v[used-decode.Overlap&^3:]
	}
	w.ctx.Partial = partial
	w.pop(mark)
}
