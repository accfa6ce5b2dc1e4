package decode

import (
	"bytes"
	"unicode/utf8"
)

// utf7Digit maps a byte to its value in UTF-7's base64, or to escNone. The
// comma is the slash of IMAP's variant (RFC 3501, section 5.1.3).
var utf7Digit [256]uint8

func init() {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := 0; i < 256; i++ {
		utf7Digit[i] = escNone
	}
	for i := 0; i < len(digits); i++ {
		utf7Digit[digits[i]] = uint8(i)
	}
	utf7Digit[','] = 63
}

// LooksUTF7 tells whether src holds at least one shifted run (+ADw- or, in
// IMAP's spelling, &ADw-) that decodes without rest and yields ASCII
// punctuation. Text without + and & costs two calls of bytes.IndexByte.
func LooksUTF7(src []byte) bool {
	if bytes.IndexByte(src, '+') < 0 && bytes.IndexByte(src, '&') < 0 {
		return false
	}
	for {
		i := bytes.IndexAny(src, "+&")
		if i < 0 {
			return false
		}
		src = src[i:]
		n, punct, ok := utf7Run(src)
		if ok && punct {
			return true
		}
		src = src[n:]
	}
}

// UTF7 appends src with its UTF-7 runs undone to dst (RFC 2152; the & spelling
// of RFC 3501). +- and &- become their first character; a run that does not
// decode stays as it is. Call it only when LooksUTF7 says so: + is ordinary in
// text.
//
// Flags: Changed, UTF7Coded, Control, NewLine. The output is at most 9/8 times
// as long as src (eight CJK characters take 23 bytes here and 24 in UTF-8).
func UTF7(dst, src []byte) ([]byte, Flags) {
	var fl Flags
	if bytes.IndexByte(src, '+') < 0 && bytes.IndexByte(src, '&') < 0 {
		return append(dst, src...), 0
	}
	for len(src) > 0 {
		i := bytes.IndexAny(src, "+&")
		if i < 0 {
			return append(dst, src...), fl
		}
		dst = append(dst, src[:i]...)
		src = src[i:]
		if len(src) > 1 && src[1] == '-' {
			dst = append(dst, src[0])
			src = src[2:]
			fl |= Changed | UTF7Coded
			continue
		}
		n, _, ok := utf7Run(src)
		if !ok {
			dst = append(dst, src[:n]...)
			src = src[n:]
			continue
		}
		var f Flags
		dst, f = utf7Append(dst, src[1:n])
		fl |= f | Changed | UTF7Coded
		src = src[n:]
	}
	return dst, fl
}

// utf7Run examines the run that starts with b[0], + or &. It returns its length
// with the closing minus, whether it holds ASCII punctuation, and whether it
// decodes: at least one code unit, surrogates paired, fewer than 6 bits left.
// A run that fails is skipped as a whole, as a decoder would do, which keeps
// the scan linear.
func utf7Run(b []byte) (int, bool, bool) {
	var acc uint32
	var bits uint
	var hi rune
	units := 0
	n, punct, ok := 1, false, true
	for n < len(b) {
		d := utf7Digit[b[n]]
		if d == escNone || b[n] == ',' && b[0] == '+' {
			break
		}
		n++
		acc = acc<<6 | uint32(d)
		bits += 6
		if bits < 16 {
			continue
		}
		bits -= 16
		u := rune(acc >> bits & 0xFFFF)
		acc &= 1<<bits - 1
		units++
		low := u >= 0xDC00 && u <= 0xDFFF
		if low != (hi != 0) {
			ok = false
		}
		hi = 0
		if u >= 0xD800 && u <= 0xDBFF {
			hi = u
		}
		if u < 0x80 && escPunct[u] {
			punct = true
		}
	}
	if units == 0 || hi != 0 || bits >= 6 {
		ok = false
	}
	if n < len(b) && b[n] == '-' && n > 1 {
		n++
	} else if b[0] == '&' {
		ok = false // IMAP's runs always end with a minus
	}
	return n, punct, ok
}

// utf7Append decodes the digits of a run that utf7Run has found sound.
func utf7Append(dst, digits []byte) ([]byte, Flags) {
	var acc uint32
	var bits uint
	var hi rune
	var fl Flags
	for i := 0; i < len(digits); i++ {
		d := utf7Digit[digits[i]]
		if d == escNone {
			break // the closing minus
		}
		acc = acc<<6 | uint32(d)
		bits += 6
		if bits < 16 {
			continue
		}
		bits -= 16
		u := rune(acc >> bits & 0xFFFF)
		acc &= 1<<bits - 1
		switch {
		case u >= 0xD800 && u <= 0xDBFF:
			hi = u
			continue
		case hi != 0:
			u, _ = escSurrogates(hi, u)
			hi = 0
		}
		dst = utf8.AppendRune(dst, u)
		fl |= escNote(u)
	}
	return dst, fl
}
