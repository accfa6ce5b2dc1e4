package decode

import "unicode/utf8"

// escNone is what escHex holds for a byte that is no hexadecimal digit.
const escNone = 0xFF

// escHex maps a byte to its hexadecimal value, or to escNone.
var escHex [256]uint8

// escWord marks ASCII letters, digits and the underscore.
var escWord [256]bool

// escPunct marks ASCII punctuation (letters, digits, blank and controls are not).
var escPunct [256]bool

func init() {
	for i := 0; i < 256; i++ {
		c := byte(i)
		escHex[i] = escNone
		switch {
		case c >= '0' && c <= '9':
			escHex[i] = c - '0'
			escWord[i] = true
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			escWord[i] = true
			if l := c | 0x20; l <= 'f' {
				escHex[i] = l - 'a' + 10
			}
		case c > ' ' && c < 0x7F:
			escPunct[i] = true
		}
	}
	escWord['_'] = true
}

// escNote says which flags a decoded code point deserves: Control for NUL and
// other C0 controls and DEL, NewLine for CR and LF, nothing for tab.
func escNote(r rune) Flags {
	switch {
	case r >= 0x20 && r != 0x7F || r == '\t':
		return 0
	case r == '\n' || r == '\r':
		return NewLine
	}
	return Control
}

// escHexRun reads exactly n hexadecimal digits at the start of b. n is at most 4.
func escHexRun(b []byte, n int) (rune, bool) {
	if len(b) < n {
		return 0, false
	}
	var v rune
	for k := 0; k < n; k++ {
		d := escHex[b[k]]
		if d == escNone {
			return 0, false
		}
		v = v<<4 | rune(d)
	}
	return v, true
}

// escSurrogates joins a UTF-16 surrogate pair; ok is false for anything else.
func escSurrogates(hi, lo rune) (rune, bool) {
	if hi < 0xD800 || hi > 0xDBFF || lo < 0xDC00 || lo > 0xDFFF {
		return utf8.RuneError, false
	}
	return 0x10000 + (hi-0xD800)<<10 + (lo - 0xDC00), true
}
