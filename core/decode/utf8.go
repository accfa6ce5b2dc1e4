package decode

import "unicode/utf8"

// NeedsUTF8 tells whether UTF8 has anything to do: src holds a byte above 0x7F.
// It consists of two calls of the standard library, which is what makes it
// cheap under an interpreter as well: in valid UTF-8 there are as many code
// points as bytes only when all of it is ASCII.
func NeedsUTF8(src []byte) bool {
	return !utf8.Valid(src) || utf8.RuneCount(src) != len(src)
}

// UTF8 appends src to dst with the spellings undone that lenient decoders, best
// fit code pages (Windows-1252) or compatibility normalisation (NFKC, UTS 46)
// turn into ASCII:
//
//   - over-long forms of 2 to 6 bytes (RFC 3629, section 3; CVE class of IIS's
//     %c0%af) become the code point they spell, with Overlong. C0 or C1 before
//     a byte that lacks its high bit (%c0%6e) is one as well, when it spells
//     punctuation or a control; letters after À or Á are ISO-8859-1 text.
//   - full-width, small, circled, mathematical and tag forms become ASCII,
//     typographic quotes and primes become ' or ", ideographic full stops a dot,
//     Unicode blanks a blank, and zero-width characters disappear, with Wide.
//   - bytes that are not UTF-8 stay, with InvalidUTF8.
//
// Everything else stays. Flags: Changed, Overlong, Wide, InvalidUTF8, Control,
// NewLine. The output is never longer than src.
func UTF8(dst, src []byte) ([]byte, Flags) {
	if !NeedsUTF8(src) {
		return append(dst, src...), 0
	}
	var fl Flags
	n := len(src)
	for i := 0; i < n; {
		start := i
		for i < n && src[i] < 0x80 {
			i++
		}
		dst = append(dst, src[start:i]...)
		if i == n {
			break
		}
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 {
			r, size = utf8Overlong(src[i:])
			if size == 0 {
				fl |= InvalidUTF8
				dst = append(dst, src[i])
				i++
				continue
			}
			fl |= Overlong | Changed
			if r < 0x80 {
				fl |= escNote(r)
			}
		}
		if r < 0x2000 && r != 0xA0 && r != 0xAD && r != 0x17F && r != 0x2BC && r != 0x2B9 {
			dst = utf8.AppendRune(dst, r)
		} else {
			var f Flags
			dst, f = utf8Narrow(dst, r)
			fl |= f
		}
		i += size
	}
	return dst, fl
}

// utf8Overlong decodes an over-long form at the start of b, whose first byte is
// above 0x7F and not the start of valid UTF-8. Size 0: it is none.
func utf8Overlong(b []byte) (rune, int) {
	c := b[0]
	var size int
	var r, least rune
	switch {
	case c == 0xC0 || c == 0xC1:
		return utf8Two(b)
	case c == 0xE0:
		size, least = 3, 0x800
	case c == 0xF0:
		size, least = 4, 0x10000
	case c == 0xF8:
		size, least = 5, 0x200000
	case c == 0xFC:
		size, least = 6, 0x4000000
	default:
		return 0, 0
	}
	if len(b) < size {
		return 0, 0
	}
	for k := 1; k < size; k++ {
		if b[k]&0xC0 != 0x80 {
			return 0, 0
		}
		r = r<<6 | rune(b[k]&0x3F)
	}
	if r >= least || !utf8.ValidRune(r) {
		return 0, 0
	}
	return r, size
}

// utf8Two decodes C0 or C1 and the byte after it.
func utf8Two(b []byte) (rune, int) {
	if len(b) < 2 || b[1] >= 0xC0 {
		return 0, 0
	}
	r := rune(b[0]&0x1F)<<6 | rune(b[1]&0x3F)
	if b[1] < 0x80 && (escWord[r] || r == ' ') {
		return 0, 0
	}
	return r, 2
}
