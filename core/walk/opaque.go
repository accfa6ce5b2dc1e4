package walk

import (
	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
)

// minOpaque is the length from which a word is tried as base64.
const minOpaque = 8

// opaque tries the layers that look like one random word. class holds the
// classes of the bytes in v, or more.
func (w *Walker) opaque(v []byte, class kernel.Class, depth int, flags decode.Flags) {
	// yaegi gets masks compared with anything but zero wrong
	if class&kernel.Upper != 0 && class&kernel.Lower != 0 {
		if class&(kernel.Path|kernel.Colon) != 0 && decode.LooksJWT(v) {
			w.dotted(v, depth, flags)
			return
		}
		if class&kernel.Colon == 0 && decode.LooksBase64(v) != decode.Base64None {
			w.base64(v, depth, flags)
		}
	}
	const other = kernel.Path | kernel.Plus | kernel.Equal | kernel.Colon | kernel.Under
	if len(v) >= 16 && class&kernel.Digit != 0 && class&other == 0 && hexHead(v) {
		w.hex(v, depth, flags)
	}
}

// hexHead is a sieve before HexString: the first bytes that v spells must not
// be control bytes, as the first bytes of nearly every hash are.
func hexHead(v []byte) bool {
	i := 0
	if v[0] == '0' && v[1]|0x20 == 'x' {
		i = 2
	}
	for n := 0; n < 6; n++ {
		hi := v[i]
		if hi == '0' && v[i+1] != '9' && v[i+1]|0x20 != 'a' && v[i+1]|0x20 != 'd' || hi == '1' || n == 0 && (hi == '8' || hi == '9' || hi|0x20 == 'a' || hi|0x20 == 'b') {
			return false
		}
		i += 2
	}
	return true
}

// hex undoes a whole value of hexadecimal digits that spell text, in pieces
// when it is long.
func (w *Walker) hex(v []byte, depth int, flags decode.Flags) {
	const overlap = 64
	size := w.piece(len(v)) &^ 1
	for {
		n := len(v)
		if n > size {
			n = size
		}
		dst := w.scratch(n, len(v))
		if dst == nil {
			return
		}
		out, ok := decode.HexString(dst, v[:n])
		if !ok {
			return
		}
		arena := w.keep(out)
		mark := w.pushTag("#hex")
		w.value(out, depth+1, flags|decode.Hexed)
		w.pop(mark)
		w.release(arena)
		// an odd digit at the end spells nothing
		if len(v)-n < 2 || n <= overlap {
			return
		}
		v = v[n-overlap:]
	}
}

// base64 undoes one base64 layer if what is under it is plausible.
func (w *Walker) base64(v []byte, depth int, flags decode.Flags) {
	w.based(v, depth, flags, false)
}

// based undoes base64, in pieces when it is long. sure tells that it is known
// to be base64: then anything that comes out is judged.
func (w *Walker) based(v []byte, depth int, flags decode.Flags, sure bool) {
	size := w.piece(len(v)) &^ 3
	if size < 4 || size+4 > len(v) {
		size = len(v)
	}
	partial := w.ctx.Partial
	for len(v) > 0 {
		n := size
		if n >= len(v) {
			n = len(v)
		} else if i := blankBefore(v, n); i > 0 {
			n = i
		}
		dst := w.scratch(n, len(v))
		if dst == nil {
			break
		}
		out, ok := decode.Base64(dst, v[:n])
		if !ok || !sure && !decode.TextLike(out) {
			break
		}
		w.ctx.Partial = partial || size < len(v)
		arena := w.keep(out)
		mark := w.pushTag("#base64")
		w.value(out, depth+1, flags|decode.Based64)
		w.pop(mark)
		cutOff := n < len(v) && compressed(out)
		w.release(arena)
		if cutOff {
			// the rest of the stream says nothing by itself
			w.Counts.Decoded++
			w.Counts.Uninspected += int64(len(v) - n)
			break
		}
		if n == len(v) {
			break
		}
		// the pieces overlap by whole quartets
		back := decode.Overlap
		if i := blankBefore(v[:n], n-decode.Overlap); i > 0 {
			back = n - i
		}
		v = v[n-back:]
		sure = true
	}
	w.ctx.Partial = partial
}

// blankBefore returns where the line or word of base64 ends that goes over
// v[n], or 0. In base64 blanks stand where whole quartets end.
func blankBefore(v []byte, n int) int {
	for i := n; i > n-128 && i > decode.Overlap; i-- {
		if v[i-1] == '\n' || v[i-1] == ' ' {
			return i
		}
	}
	return 0
}

// dotted undoes a JWT or another list of base64 parts joined by dots.
func (w *Walker) dotted(v []byte, depth int, flags decode.Flags) {
	parts, n := decode.SplitJWT(v)
	mark := w.pushTag("#jwt")
	for i := 0; i < n; i++ {
		// signatures fall through here
		if len(parts[i]) > 3 && decode.Base64Head(parts[i]) {
			w.base64(parts[i], depth, flags)
		}
	}
	w.pop(mark)
}

// dataURLs undoes every base64 data URL in v.
func (w *Walker) dataURLs(v []byte, depth int, flags decode.Flags) {
	for {
		_, payload, coded, ok := decode.DataURL(v)
		if !ok || !coded || len(payload) == 0 {
			return
		}
		mark := w.pushTag("#data")
		w.base64(payload, depth, flags)
		w.pop(mark)
		// payload is a slice of v
		end := cap(v) - cap(payload) + len(payload)
		if end >= len(v) {
			return
		}
		v = v[end:]
	}
}
