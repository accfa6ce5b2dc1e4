package decode

import (
	"bytes"
	"encoding/base64"
)

// Base64Kind says which alphabet and layout a base64 text uses.
type Base64Kind uint8

// The kinds of base64 (RFC 4648, sections 4 and 5; RFC 2045, section 6.8).
const (
	// Base64None means that the text is not base64.
	Base64None Base64Kind = iota
	// Base64Std is the standard alphabet with + and /, padded or not.
	Base64Std
	// Base64URL is the alphabet with - and _, padded or not.
	Base64URL
	// Base64MIME is any alphabet in lines or words.
	Base64MIME
)

// base64Min is the length from which on a text is looked at.
const base64Min = 8

// base64Digit maps a byte to its value in either alphabet or to one of the
// marks below.
var base64Digit [256]uint8

const (
	base64Blank = 0xFD // CR, LF, tab, blank
	base64Pad   = 0xFE // =
)

func init() {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := 0; i < 256; i++ {
		base64Digit[i] = escNone
	}
	for i := 0; i < len(digits); i++ {
		base64Digit[digits[i]] = uint8(i)
	}
	base64Digit['-'], base64Digit['_'] = 62, 63
	base64Digit['\r'], base64Digit['\n'] = base64Blank, base64Blank
	base64Digit['\t'], base64Digit[' '] = base64Blank, base64Blank
	base64Digit['='] = base64Pad
}

// LooksBase64 tells whether the whole of src has the shape of base64 and its
// beginning decodes to something text-like or to a known magic. It is a sieve,
// not a proof: ask TextLike about what Base64 gives. Most values fail at their
// beginning (Base64Head). The rest need 8 bytes, both cases of letters (which
// rules out words, numbers, UUIDs, hashes) and no byte outside the alphabets.
// Blanks may only stand where whole quartets end, which rules out prose.
func LooksBase64(src []byte) Base64Kind {
	if len(src) < base64Min || !Base64Head(src) {
		return Base64None
	}
	digits, blanks, pads := 0, 0, 0
	url, hex, upper, lower := false, true, false, false
	for i := 0; i < len(src); i++ {
		c := src[i]
		switch d := base64Digit[c]; {
		case d == escNone:
			return Base64None
		case d == base64Pad:
			pads++
		case d == base64Blank:
			if digits&3 != 0 && pads == 0 {
				return Base64None
			}
			blanks++
		case pads > 0:
			return Base64None
		default:
			digits++
			upper = upper || d < 26
			lower = lower || d >= 26 && d < 52
			url = url || c == '-' || c == '_'
			hex = hex && escHex[c] != escNone
		}
	}
	switch {
	case digits < base64Min-1 || pads > 3 || hex || !upper || !lower:
		return Base64None
	case blanks > 0:
		return Base64MIME
	case url:
		return Base64URL
	}
	return Base64Std
}

// Base64Head decodes up to 24 digits at the start of src and tells whether they
// are text-like or, when there is more to come, could be the beginning of
// something text-like: three quarters of text.
func Base64Head(src []byte) bool {
	var buf [18]byte
	n := 0
	var acc uint32
	var bits uint
	for i := 0; i < len(src) && n < len(buf); i++ {
		d := base64Digit[src[i]]
		if d == base64Blank {
			continue
		}
		if d > 63 {
			break
		}
		acc = acc<<6 | uint32(d)
		bits += 6
		if bits >= 8 {
			bits -= 8
			buf[n] = byte(acc >> bits)
			n++
		}
	}
	b := buf[:n]
	if n < len(buf) {
		return TextLike(b)
	}
	return textMagic(b) || textWide(b) || textScore(b)*4 >= n*3
}

// Base64 appends what src encodes to dst: either alphabet or both mixed, blanks
// and line ends skipped, the end at the first =, a dangling last digit ignored,
// trailing bits not checked, as lenient decoders do. It returns dst as it was
// and false when src has a byte of neither alphabet before that, or no whole
// byte of content. The output is at most 3/4 as long as src.
func Base64(dst, src []byte) ([]byte, bool) {
	if i := bytes.IndexByte(src, '='); i >= 0 {
		src = src[:i]
	}
	keep := len(dst)
	enc := base64.RawStdEncoding
	if bytes.ContainsAny(src, "-_") {
		enc = base64.RawURLEncoding
	}
	// The common case goes through the library, which is fast under an
	// interpreter, too; it refuses blanks, mixed alphabets and dangling digits.
	dst = append(dst, make([]byte, enc.DecodedLen(len(src)))...)
	n, err := enc.Decode(dst[keep:], src)
	if err == nil {
		return dst[:keep+n], n > 0
	}
	return base64Slow(dst[:keep], src)
}

// base64Slow is Base64 without the library's strictness.
func base64Slow(dst, src []byte) ([]byte, bool) {
	keep := len(dst)
	var acc uint32
	var bits uint
	for i := 0; i < len(src); i++ {
		d := base64Digit[src[i]]
		if d == base64Blank {
			continue
		}
		if d > 63 {
			return dst[:keep], false
		}
		acc = acc<<6 | uint32(d)
		bits += 6
		if bits >= 8 {
			bits -= 8
			dst = append(dst, byte(acc>>bits))
		}
	}
	return dst, len(dst) > keep
}
