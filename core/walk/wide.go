package walk

import (
	"unicode/utf8"

	"github.com/glacis-waf/glacis/core/decode"
)

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

// unitSize returns the bytes of a code unit.
func unitSize(order decode.Order) int {
	if order >= decode.OrderUTF32LE {
		return 4
	}
	return 2
}

// narrow appends the UTF-8 form of whole code units of src to dst and returns
// how many bytes it used. A unit of printable ASCII bytes only is no character
// that anybody writes but plain text amid the wide: it is kept as it is. The
// output is at most 3/2 as long as src.
func narrow(dst, src []byte, order decode.Order, final bool) ([]byte, int) {
	size := unitSize(order)
	i := 0
	for i+size <= len(src) {
		if plainUnit(src[i : i+size]) {
			dst = append(dst, src[i:i+size]...)
			i += size
			continue
		}
		r := unit(src[i:], order)
		i += size
		if size == 2 && r >= 0xd800 && r < 0xdc00 {
			if i+2 > len(src) && !final {
				return dst, i - 2
			}
			if i+2 <= len(src) {
				if low := unit(src[i:], order); low >= 0xdc00 && low < 0xe000 {
					r = 0x10000 + (r-0xd800)<<10 + (low - 0xdc00)
					i += 2
				}
			}
		}
		if r == 0xfeff {
			continue
		}
		if !utf8.ValidRune(r) {
			r = utf8.RuneError
		}
		dst = utf8.AppendRune(dst, r)
	}
	if final {
		dst = append(dst, src[i:]...)
		i = len(src)
	}
	return dst, i
}

func plainUnit(b []byte) bool {
	for i := 0; i < len(b); i++ {
		if b[i] < ' ' || b[i] > '~' {
			return false
		}
	}
	return true
}

// unit reads one code unit; a UTF-32 unit too large for a rune is negative or
// no valid rune.
func unit(b []byte, order decode.Order) rune {
	switch order {
	case decode.OrderUTF16LE:
		return rune(b[0]) | rune(b[1])<<8
	case decode.OrderUTF16BE:
		return rune(b[1]) | rune(b[0])<<8
	case decode.OrderUTF32LE:
		return rune(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24)
	}
	return rune(uint32(b[3]) | uint32(b[2])<<8 | uint32(b[1])<<16 | uint32(b[0])<<24)
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
		out, used := narrow(dst, v[:n], order, n == len(v))
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
