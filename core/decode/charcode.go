package decode

import (
	"bytes"
	"unicode/utf8"
)

// charCodeNames are the functions that make text from character codes, in SQL
// dialects, PHP, Python, VBScript, PowerShell ([char]) and JavaScript.
const charCodeNames = " char chr chrw chrb nchar unichr mb_chr fromcharcode fromcodepoint "

// charCodeGlue is what may stand between two calls whose texts belong together.
const charCodeGlue = " \t\r\n|+.,&"

// CharCodes appends src to dst, and after it, each after a blank, the texts
// that its calls of character code functions spell: char(97,98), CHAR(0x3c) +
// CHAR(…), chr(97)||chr(98), [char]97+[char]98, String.fromCharCode(97, 98).
// Neighbouring calls joined by + . , & || make one text; everything else starts
// a new one. A call counts when all its arguments are decimal or 0x numbers
// (MySQL's USING … may follow) that are characters; a text counts when it has a
// printable character.
//
// Flags: Changed and Hexed when a text was found, Control, NewLine. The output
// is at most twice as long as src.
func CharCodes(dst, src []byte) ([]byte, Flags) {
	dst = append(dst, src...)
	if bytes.IndexByte(src, '(') < 0 && bytes.IndexByte(src, ']') < 0 {
		return dst, 0
	}
	var fl, pending Flags
	textEnd := -1      // where the last call ended in src, -1: no text under way
	keep := len(dst)   // dst without the text under way
	printable := false // the text under way has a printable character
	for at := 0; at < len(src); {
		i := bytes.IndexAny(src[at:], "(]")
		if i < 0 {
			break
		}
		at += i
		if !charCodeName(src[:at+1]) {
			at++
			continue
		}
		if textEnd < 0 || !charCodeGlued(src[textEnd:at]) {
			if textEnd >= 0 && !printable {
				dst = dst[:keep]
			}
			keep = len(dst)
			dst = append(dst, ' ')
			printable, pending, textEnd = false, 0, -1
		}
		var n int
		var seen bool
		var f Flags
		dst, n, seen, f = charCodeArgs(dst, src[at:])
		if n == 0 {
			if textEnd < 0 {
				dst = dst[:keep]
			}
			at++
			continue
		}
		pending |= f
		printable = printable || seen
		if printable {
			fl |= pending | Changed | Hexed
		}
		at += n
		textEnd = at
	}
	if textEnd >= 0 && !printable {
		dst = dst[:keep]
	}
	return dst, fl
}

// charCodeName tells whether b, which ends with ( or ], ends with the name of a
// function of charCodeNames and that sign; [char[]]( and ["fromCharCode"]( and
// fromCharCode.apply( are known.
func charCodeName(b []byte) bool {
	cast := b[len(b)-1] == ']'
	start, end := charCodeIdent(b[:len(b)-1])
	if end-start == 5 && start > 0 && b[start-1] == '.' && bytes.EqualFold(b[start:end], []byte("apply")) {
		start, end = charCodeIdent(b[:start-1])
	}
	if end-start < 3 || cast && (start == 0 || b[start-1] != '[') {
		return false
	}
	var name [18]byte
	name[0] = ' '
	for i := start; i < end; i++ {
		c := b[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		name[i-start+1] = c
	}
	name[end-start+1] = ' '
	return bytes.Contains([]byte(charCodeNames), name[:end-start+2])
}

// charCodeIdent finds the identifier that ends b, apart from blanks, quotes and
// brackets: at most 16 bytes, so that a longer one never matches a name.
func charCodeIdent(b []byte) (start, end int) {
	end = len(b)
	for k := 0; k < 4 && end > 0 && bytes.IndexByte([]byte(" []'\""), b[end-1]) >= 0; k++ {
		end--
	}
	start = end
	for start > 0 && end-start < 16 && escWord[b[start-1]] {
		start--
	}
	return start, end
}

// charCodeGlued tells whether the text b between two calls joins them: glue,
// then the name of the next function and what may lead up to it.
func charCodeGlued(b []byte) bool {
	if len(b) > 48 {
		return false
	}
	b = bytes.TrimRight(bytes.TrimLeft(b, charCodeGlue), " ")
	return !bytes.ContainsAny(b, " =;:(){}<>/*-")
}

// charCodeArgs appends the characters of the numbers at the start of b, which
// is an opening parenthesis or the ] of a cast and what follows. It returns how
// much of b was used, 0 (and dst as it was) when that is no list of codes.
func charCodeArgs(dst, b []byte) ([]byte, int, bool, Flags) {
	keep := len(dst)
	var fl Flags
	seen, cast := false, b[0] == ']'
	i := 1
	if bytes.HasPrefix(b[1:], []byte("null")) { // apply's this
		i += 4
	}
	for {
		for i < len(b) && bytes.IndexByte([]byte(" \t\r\n,[.'\""), b[i]) >= 0 {
			i++
		}
		r, n := charCodeNumber(b[i:])
		if n == 0 {
			break
		}
		i += n
		if !utf8.ValidRune(r) {
			return dst[:keep], 0, false, 0
		}
		dst = utf8.AppendRune(dst, r)
		fl |= escNote(r)
		seen = seen || r > ' ' && r != 0x7F
		if cast {
			return dst, i, seen, fl
		}
	}
	for i < len(b) && bytes.IndexByte([]byte("]'\""), b[i]) >= 0 {
		i++
	}
	if len(dst) == keep || i == len(b) {
		return dst[:keep], 0, false, 0
	}
	if b[i]|0x20 == 'u' { // CHAR(60 USING utf8)
		for k := 0; k < 32 && i+1 < len(b) && b[i] != ')'; k++ {
			i++
		}
	}
	if b[i] != ')' {
		return dst[:keep], 0, false, 0
	}
	return dst, i + 1, seen, fl
}

// charCodeNumber reads a decimal or 0x number at the start of b. Numbers beyond
// the code points saturate above them. The length is 0 when there is
// none.
func charCodeNumber(b []byte) (rune, int) {
	base, r := rune(10), rune(0)
	start := 0
	if len(b) > 2 && b[0] == '0' && b[1]|0x20 == 'x' {
		base, start = 16, 2
	}
	n := start
	for n < len(b) && rune(escHex[b[n]]) < base {
		if r <= utf8.MaxRune {
			r = r*base + rune(escHex[b[n]])
		}
		n++
	}
	if n == start {
		return 0, 0
	}
	return r, n
}
