package decode

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// TextLike tells whether b, the outcome of undoing a base64 or hexadecimal
// layer, is plausible enough for that layer to be believed:
//
//   - the magic of a container or of serialised objects: gzip, zlib, ZIP, Java,
//     Python's pickle (PHP's and others' are text anyway);
//   - UTF-16 with an ASCII character in every unit (PowerShell's -enc);
//   - text: printable ASCII, tab, CR, LF and valid UTF-8 letters, signs or
//     punctuation. All of b has to be text below 10 bytes, 90 % below 32 bytes,
//     80 % from there on: long random bytes never come close, and an attacker
//     gains little by mixing in rubbish.
//
// Random bytes are printable with a chance of 0.38 each, so of random tokens of
// 16 bytes about one in 10^5 passes by content and one in 18 000 by its magic
// (nearly all of it zlib's two bytes). Of 6 bytes, the least that LooksBase64
// lets through, one in 300 passes.
func TextLike(b []byte) bool {
	n := len(b)
	if n == 0 {
		return false
	}
	if textMagic(b) || textWide(b) {
		return true
	}
	s := textScore(b)
	switch {
	case n < 10:
		return s == n
	case n < 32:
		return s*10 >= n*9
	}
	return s*5 >= n*4
}

// textMagic tells whether b starts like gzip (RFC 1952), zlib (RFC 1950), ZIP,
// Java serialisation (protocol version 5) or pickle (protocols 2 to 5).
func textMagic(b []byte) bool {
	if len(b) < 4 {
		return false
	}
	switch b[0] {
	case 0x1F:
		return b[1] == 0x8B && b[2] == 8
	case 0x78:
		return b[1] == 0x9C || b[1] == 0xDA || b[1] == 0x01 || b[1] == 0x5E && b[2] >= 0x80
	case 'P':
		return b[1] == 'K' && b[2] == 3 && b[3] == 4
	case 0xAC:
		return b[1] == 0xED && b[2] == 0 && b[3] == 5
	case 0x80:
		// Protocol 4 and 5 open with FRAME, 2 and 3 with a global, an empty
		// container, a mark or a string.
		if b[1] == 4 || b[1] == 5 {
			return b[2] == 0x95 || bytes.IndexByte([]byte("c}](XN\x8c"), b[2]) >= 0
		}
		return (b[1] == 2 || b[1] == 3) && bytes.IndexByte([]byte("c}](XNqU"), b[2]) >= 0
	}
	return false
}

// textWide tells whether the first 64 bytes of b are UTF-16 whose units are all
// printable ASCII.
func textWide(b []byte) bool {
	if len(b) > 64 {
		b = b[:64]
	}
	if len(b) < 6 || b[0] != 0 && b[1] != 0 {
		return false
	}
	nul := 0
	if b[0] != 0 {
		nul = 1
	}
	for i := 0; i+1 < len(b); i += 2 {
		c := b[i+1-nul]
		if b[i+nul] != 0 || c > 0x7E || c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			return false
		}
	}
	return true
}

// textScore counts the bytes of b that belong to text.
func textScore(b []byte) int {
	score := 0
	for i := 0; i < len(b); {
		c := b[i]
		if c < 0x80 {
			if asciiClass[c]&asciiText != 0 {
				score++
			}
			i++
			continue
		}
		// most of the bytes of what is no text begin no sequence at all
		if c < 0xC2 || c > 0xF4 || i+1 == len(b) || b[i+1]&0xC0 != 0x80 {
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		if size > 1 && (unicode.IsLetter(r) || unicode.IsGraphic(r)) {
			score += size
		}
		i += size
	}
	return score
}
