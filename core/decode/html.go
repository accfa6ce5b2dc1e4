package decode

import (
	"bytes"
	"unicode/utf8"
)

// html1252 holds the code points that browsers give to &#128; … &#159;, which
// honest pages use as if they were Windows-1252 (HTML standard, section
// 13.2.5.80). Zero keeps the number.
const html1252 = "€\x00‚ƒ„…†‡ˆ‰Š‹Œ\x00Ž\x00\x00‘’“”•–—˜™š›œ\x00žŸ"

// html1252Runes is html1252 as an array, set up once.
var html1252Runes [32]rune

func init() {
	for i, r := range []rune(html1252) {
		html1252Runes[i] = r
	}
}

// HTML appends src with its character references undone to dst (HTML standard,
// section 13.2.5.72 and the following ones): named (see entityText), decimal
// and hexadecimal ones, with any number of leading zeros, and without their
// semicolon where a browser takes them without. Names that need a semicolon
// and lack it stay, as in every browser. &#0; becomes NUL (older parsers) with
// Control; surrogates and numbers above U+10FFFF become U+FFFD with
// BrokenEscape, and &# without digits stays with BrokenEscape. A bare & is
// ordinary text.
//
// Flags: Changed, Entity, BrokenEscape, Control, NewLine. The output is never
// longer than src.
func HTML(dst, src []byte) ([]byte, Flags) {
	var fl Flags
	for len(src) > 0 {
		i := bytes.IndexByte(src, '&')
		if i < 0 || i+2 > len(src) {
			return append(dst, src...), fl
		}
		dst = append(dst, src[:i]...)
		src = src[i:]
		var n int
		var r rune
		c := src[1]
		switch {
		case c == '#':
			var f Flags
			n, r, f = htmlNumber(src)
			fl |= f
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			n, r = htmlName(src)
		}
		if n == 0 {
			dst = append(dst, '&')
			src = src[1:]
			continue
		}
		dst = utf8.AppendRune(dst, r)
		src = src[n:]
		fl |= Changed | Entity | escNote(r)
	}
	return dst, fl
}

// htmlNumber reads &#N or &#xN at the start of b and returns its length with
// the semicolon, 0 when there are no digits. Digits are read once however many
// they are, so the whole stays linear.
func htmlNumber(b []byte) (int, rune, Flags) {
	i, base := 2, rune(10)
	if len(b) > 2 && b[2]|0x20 == 'x' {
		i, base = 3, 16
	}
	start := i
	var r rune
	for i < len(b) {
		d := rune(escHex[b[i]])
		if d >= base {
			break
		}
		if r <= utf8.MaxRune {
			r = r*base + d
		}
		i++
	}
	if i == start {
		return 0, 0, BrokenEscape
	}
	if i < len(b) && b[i] == ';' {
		i++
	}
	if r >= 0x80 && r < 0xA0 && html1252Runes[r-0x80] != 0 {
		r = html1252Runes[r-0x80]
	}
	if !utf8.ValidRune(r) {
		return i, utf8.RuneError, BrokenEscape
	}
	return i, r, 0
}

// htmlName reads a named reference at the start of b and returns its length, 0
// when there is none. Work is bounded by entityLongest.
func htmlName(b []byte) (int, rune) {
	n := 1
	for n < len(b) && n <= entityLongest && escWord[b[n]] && b[n] != '_' {
		n++
	}
	if n < len(b) && b[n] == ';' {
		if r, ok := entityRunes[string(b[1:n])]; ok {
			return n + 1, r
		}
	}
	// Without semicolon the longest legacy name wins: &notit gives ¬it.
	if n > entityLegacyMax+1 {
		n = entityLegacyMax + 1
	}
	for ; n > 2; n-- {
		if r, ok := entityLegacy[string(b[1:n])]; ok {
			return n, r
		}
	}
	return 0, 0
}
