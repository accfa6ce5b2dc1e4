package decode

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
)

// Percent appends src with its percent escapes undone (RFC 3986, section 2.1)
// to dst. It undoes exactly one layer; call it again for nested ones.
//
//   - %XX becomes one byte.
//   - %uXXXX (IIS and the old escape() of ECMAScript, annex B.2.1) becomes
//     UTF-8; surrogate pairs are joined; the full-width forms U+FF01–U+FF5E are
//     narrowed to ASCII as IIS's best fit does (Wide).
//   - + becomes a blank when plus is set (application/x-www-form-urlencoded).
//   - A % that starts no escape is kept and scanning goes on with the very next
//     byte, so that %%32%65 gives %2e, as lenient servers see it.
//
// Flags: Changed, Percented, BrokenEscape, UnicodeEscape, Wide, Control,
// NewLine. The output is never longer than src.
func Percent(dst, src []byte, plus bool) ([]byte, Flags) {
	var fl Flags
	for len(src) > 0 {
		i := bytes.IndexByte(src, '%')
		if i < 0 {
			return percentRun(dst, src, plus, fl)
		}
		if i > 0 {
			dst, fl = percentRun(dst, src[:i], plus, fl)
			src = src[i:]
		}
		if len(src) >= 3 {
			hi, lo := escHex[src[1]], escHex[src[2]]
			if hi|lo < 16 {
				c := hi<<4 | lo
				dst = append(dst, c)
				src = src[3:]
				fl |= Changed | Percented
				if c < 0x20 || c == 0x7F {
					fl |= escNote(rune(c))
				}
				continue
			}
			if src[1]|0x20 == 'u' {
				n, r, f := percentUnicode(src)
				if n > 0 {
					dst = utf8.AppendRune(dst, r)
					src = src[n:]
					fl |= f
					continue
				}
			}
		}
		fl |= BrokenEscape
		dst = append(dst, '%')
		src = src[1:]
	}
	return dst, fl
}

// percentRun appends bytes without a % and turns + into blank on request.
func percentRun(dst, run []byte, plus bool, fl Flags) ([]byte, Flags) {
	n := len(dst)
	dst = append(dst, run...)
	if !plus {
		return dst, fl
	}
	// The search keeps text without any cheap, under an interpreter too.
	i := bytes.IndexByte(dst[n:], '+')
	if i < 0 {
		return dst, fl
	}
	plusToBlank(dst[n+i:])
	return dst, fl | Changed
}

// plusToBlank replaces every + in b by a blank, eight bytes at a time: words are
// short, so a search for each would cost more. A byte of x^plus is zero where b
// has a +; the sum carries into the high bit of every other byte (H. S. Warren,
// Hacker's Delight, section 6-1), and what is left is the bits to flip.
func plusToBlank(b []byte) {
	const (
		each  = 0x0101010101010101
		low   = 0x7f * each
		plus  = '+' * each
		delta = '+' ^ ' '
	)
	for len(b) >= 8 {
		x := binary.LittleEndian.Uint64(b)
		y := x ^ plus
		zero := ^(y&low + low | y | low)
		binary.LittleEndian.PutUint64(b, x^zero>>7*delta)
		b = b[8:]
	}
	for i := 0; i < len(b); i++ {
		if b[i] == '+' {
			b[i] = ' '
		}
	}
}

// percentUnicode reads %uXXXX (or a surrogate pair of them) at the start of b.
// It returns how many bytes were used, 0 when there is no such escape.
func percentUnicode(b []byte) (int, rune, Flags) {
	r, ok := escHexRun(b[2:], 4)
	if !ok {
		return 0, 0, 0
	}
	fl, n := Changed|Percented, 6
	if r >= 0xD800 && r <= 0xDFFF {
		var lo rune
		if len(b) >= 12 && b[6] == '%' && b[7]|0x20 == 'u' {
			lo, _ = escHexRun(b[8:], 4)
		}
		r, ok = escSurrogates(r, lo)
		if !ok {
			return n, r, fl | BrokenEscape
		}
		return 12, r, fl
	}
	if r >= 0xFF01 && r <= 0xFF5E {
		r -= 0xFEE0
		fl |= Wide
	}
	if r < 0x80 {
		fl |= UnicodeEscape | escNote(r)
	}
	return n, r, fl
}
