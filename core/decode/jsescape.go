package decode

import (
	"bytes"
	"unicode/utf8"
)

// JSEscape appends src with its backslash escapes undone to dst: those of
// ECMAScript (ECMA-262, section 12.9.4), which are also those of C, PHP, Python
// and of shells' $'…':
//
//   - \n \t \r \b \f \v;
//   - \xHH and octal \0–\377 become one byte (not a code point: \xc0\xae has to
//     come out as an over-long dot for UTF8 to see);
//   - \uHHHH, surrogate pairs of it and \u{H…} become UTF-8; lone surrogates
//     and values above U+10FFFF become U+FFFD with BrokenEscape;
//   - a backslash before a line end disappears with it (line continuation);
//   - a backslash before ASCII punctuation disappears;
//   - any other backslash stays, so that C:\users or \d+ is not destroyed. That
//     goes for \a and \e as well: to JavaScript they are a and e, JSON does not
//     know them, and the BEL and ESC that C and shells (\e by extension only)
//     make of them are of no use to an attack, while ..\etc\passwd is one;
//     \x or \u without its digits and a backslash at the end of src get
//     BrokenEscape.
//
// Flags: Changed, JSEscaped, BrokenEscape, UnicodeEscape (\u gave ASCII),
// Control, NewLine. The output is never longer than src.
func JSEscape(dst, src []byte) ([]byte, Flags) {
	return jsUnescape(dst, src, false)
}

// JSONString appends the text of the JSON string whose raw inside is src to
// dst (RFC 8259, section 7). Escapes that only more tolerant parsers know (all
// of JSEscape's) are undone as well and earn JSEscaped and BrokenEscape; JSON's
// own do not, since they are the container's ordinary spelling. UnicodeEscape
// is set when \u spells an ASCII character that needed no escape.
// The output is never longer than src.
func JSONString(dst, src []byte) ([]byte, Flags) {
	return jsUnescape(dst, src, true)
}

func jsUnescape(dst, src []byte, json bool) ([]byte, Flags) {
	var fl Flags
	for len(src) > 0 {
		i := bytes.IndexByte(src, '\\')
		if i < 0 {
			return append(dst, src...), fl
		}
		dst = append(dst, src[:i]...)
		src = src[i:]
		if len(src) == 1 {
			return append(dst, '\\'), fl | BrokenEscape
		}
		c := src[1]
		if c == 'u' {
			n, r, f := jsUnicode(src)
			fl |= f
			if n == 0 {
				dst = append(dst, '\\')
				src = src[1:]
				continue
			}
			dst = utf8.AppendRune(dst, r)
			switch {
			case !json:
				fl |= JSEscaped
			case src[2] == '{':
				fl |= JSEscaped | BrokenEscape
			}
			if r < 0x80 {
				if !json || r >= 0x20 {
					fl |= UnicodeEscape
				}
				fl |= escNote(r)
			}
			src = src[n:]
			continue
		}
		n, out, keep := jsShort(src)
		switch {
		case n == 0:
			if c == 'x' {
				fl |= BrokenEscape
			}
			dst = append(dst, '\\')
			src = src[1:]
			continue
		case keep:
			dst = append(dst, out)
			fl |= escNote(rune(out))
		}
		src = src[n:]
		fl |= Changed
		if !json {
			fl |= JSEscaped
		} else if !jsonOwn(c) {
			fl |= JSEscaped | BrokenEscape
		}
	}
	return dst, fl
}

// jsonOwn tells whether RFC 8259 knows \c.
func jsonOwn(c byte) bool {
	switch c {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return true
	}
	return false
}

// jsUnicode reads \uHHHH, a surrogate pair or \u{H…} at the start of b and
// returns how many bytes it takes, 0 when it is broken.
func jsUnicode(b []byte) (int, rune, Flags) {
	if len(b) > 2 && b[2] == '{' {
		return jsBraced(b)
	}
	r, ok := escHexRun(b[2:], 4)
	if !ok {
		return 0, 0, BrokenEscape
	}
	if r < 0xD800 || r > 0xDFFF {
		return 6, r, Changed
	}
	var lo rune
	if len(b) >= 12 && b[6] == '\\' && b[7] == 'u' {
		lo, _ = escHexRun(b[8:], 4)
	}
	r, ok = escSurrogates(r, lo)
	if !ok {
		return 6, r, Changed | BrokenEscape
	}
	return 12, r, Changed
}

// jsBraced reads \u{H…}; any number of digits is read once.
func jsBraced(b []byte) (int, rune, Flags) {
	var r rune
	i := 3
	for i < len(b) {
		d := escHex[b[i]]
		if d == escNone {
			break
		}
		if r <= utf8.MaxRune {
			r = r<<4 | rune(d)
		}
		i++
	}
	if i == 3 || i == len(b) || b[i] != '}' {
		return 0, 0, BrokenEscape
	}
	if !utf8.ValidRune(r) {
		return i + 1, utf8.RuneError, Changed | BrokenEscape
	}
	return i + 1, r, Changed
}

// jsShort reads any escape but \u at the start of b. It returns the bytes used
// (0: not an escape), the byte it stands for, and whether it stands for one.
func jsShort(b []byte) (int, byte, bool) {
	c := b[1]
	switch c {
	case 'n':
		return 2, '\n', true
	case 't':
		return 2, '\t', true
	case 'r':
		return 2, '\r', true
	case 'b':
		return 2, '\b', true
	case 'f':
		return 2, '\f', true
	case 'v':
		return 2, '\v', true
	case 'x':
		v, ok := escHexRun(b[2:], 2)
		if !ok {
			return 0, 0, false
		}
		return 4, byte(v), true
	case '\n':
		return 2, 0, false
	case '\r':
		if len(b) > 2 && b[2] == '\n' {
			return 3, 0, false
		}
		return 2, 0, false
	case 0xE2:
		// U+2028 and U+2029 end a line, too.
		if len(b) > 3 && b[2] == 0x80 && b[3]&0xFE == 0xA8 {
			return 4, 0, false
		}
		return 0, 0, false
	}
	if c >= '0' && c <= '7' {
		v, n := c-'0', 2
		for n < 4 && n < len(b) && b[n] >= '0' && b[n] <= '7' && v < 32 {
			v = v<<3 | (b[n] - '0')
			n++
		}
		return n, v, true
	}
	if escPunct[c] {
		return 2, c, true
	}
	return 0, 0, false
}
