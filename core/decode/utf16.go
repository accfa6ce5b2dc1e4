package decode

import (
	"bytes"
	"unicode/utf8"
)

// Order names an encoding of wide code units.
type Order uint8

// The encodings that UTF16 decodes.
const (
	// OrderNone means that the text is not wide.
	OrderNone Order = iota
	// OrderUTF16LE is UTF-16, little end first.
	OrderUTF16LE
	// OrderUTF16BE is UTF-16, big end first.
	OrderUTF16BE
	// OrderUTF32LE is UTF-32, little end first.
	OrderUTF32LE
	// OrderUTF32BE is UTF-32, big end first.
	OrderUTF32BE
)

// utf16Sample is how many bytes LooksUTF16 looks at.
const utf16Sample = 128

// LooksUTF16 guesses whether src is UTF-16 or UTF-32 text: by its byte order
// mark (RFC 2781, section 3.2), else by where NULs stand in the first 128
// bytes: at least half of the code units have to be ASCII, and hardly any may
// have their NUL on the other side. Text without NUL and without a mark costs
// one bytes.IndexByte.
func LooksUTF16(src []byte) (Order, bool) {
	if len(src) < 4 {
		return OrderNone, false
	}
	switch {
	case src[0] == 0xFF && src[1] == 0xFE:
		if src[2] == 0 && src[3] == 0 {
			return OrderUTF32LE, true
		}
		return OrderUTF16LE, true
	case src[0] == 0xFE && src[1] == 0xFF:
		return OrderUTF16BE, true
	}
	if len(src) > utf16Sample {
		src = src[:utf16Sample]
	}
	if bytes.IndexByte(src, 0) < 0 {
		return OrderNone, false
	}
	if src[0] == 0 && src[1] == 0 && src[2] == 0xFE && src[3] == 0xFF {
		return OrderUTF32BE, true
	}
	return utf16Pattern(src)
}

// utf16Pattern counts the NULs at each position modulo 4.
func utf16Pattern(src []byte) (Order, bool) {
	var nul [4]int
	quads := len(src) / 4
	for i := 0; i < quads*4; i++ {
		if src[i] == 0 {
			nul[i&3]++
		}
	}
	even, odd := nul[0]+nul[2], nul[1]+nul[3]
	slack := quads / 8
	switch {
	case nul[3] == quads && nul[2] >= quads-slack && nul[1]*2 >= quads && nul[0] <= slack:
		return OrderUTF32LE, true
	case nul[0] == quads && nul[1] >= quads-slack && nul[2]*2 >= quads && nul[3] <= slack:
		return OrderUTF32BE, true
	case odd >= quads && even <= slack:
		return OrderUTF16LE, true
	case even >= quads && odd <= slack:
		return OrderUTF16BE, true
	}
	return OrderNone, false
}

// UnitSize is how many bytes a code unit has: 2 or 4.
func (o Order) UnitSize() int {
	if o >= OrderUTF32LE {
		return 4
	}
	return 2
}

// UTF16 appends the UTF-8 form of the whole code units of src, which is encoded
// in order (not OrderNone), to dst and returns how many bytes of src it used. The
// rest is for the next call; when final is set, it is kept as it is. The output
// is at most 3/2 times as long as what was used.
//
// Byte order marks are dropped; unpaired surrogates and numbers above U+10FFFF
// become U+FFFD. A unit of printable ASCII bytes only is no character that
// anybody writes but plain text amid the wide: it is kept as it is.
func UTF16(dst, src []byte, order Order, final bool) ([]byte, int) {
	size := order.UnitSize()
	i := 0
	for i+size <= len(src) {
		if utf16Plain(src[i : i+size]) {
			dst = append(dst, src[i:i+size]...)
			i += size
			continue
		}
		r := utf16Unit(src[i:], order)
		i += size
		if size == 2 && r >= 0xD800 && r <= 0xDBFF {
			if i+2 > len(src) && !final {
				return dst, i - 2
			}
			if i+2 <= len(src) {
				pair, ok := escSurrogates(r, utf16Unit(src[i:], order))
				if ok {
					r = pair
					i += 2
				}
			}
		}
		if r == 0xFEFF {
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

func utf16Plain(unit []byte) bool {
	for i := 0; i < len(unit); i++ {
		if unit[i] < ' ' || unit[i] > '~' {
			return false
		}
	}
	return true
}

// utf16Unit reads one code unit; a UTF-32 unit too large for a rune is negative.
func utf16Unit(b []byte, order Order) rune {
	switch order {
	case OrderUTF16LE:
		return rune(b[0]) | rune(b[1])<<8
	case OrderUTF16BE:
		return rune(b[1]) | rune(b[0])<<8
	case OrderUTF32LE:
		return rune(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24)
	}
	return rune(uint32(b[3]) | uint32(b[2])<<8 | uint32(b[1])<<16 | uint32(b[0])<<24)
}
