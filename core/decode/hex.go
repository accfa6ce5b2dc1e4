package decode

import (
	"bytes"
	"encoding/hex"
	"unicode/utf8"
)

// hexWhole is the least number of digits of a value that HexString believes.
const hexWhole = 16

// HexLiterals appends src to dst with the hexadecimal literals that spell
// printable text replaced by that text:
//
//   - 0x and an even number of at least 4 digits (SQL);
//   - X'…' with as many (the SQL standard's binary string literal);
//   - chains of one-byte literals: 0x2e0x2e0x2f.
//
// A literal must not follow a letter, digit or underscore unless it goes on a
// chain. Numbers that spell no printable text (addresses, masks) stay.
//
// Flags: Changed, Hexed, NewLine. The output is never longer than src.
func HexLiterals(dst, src []byte) ([]byte, Flags) {
	var fl Flags
	done := 0    // everything before is in dst
	chained := 0 // end of the last one-byte literal
	for at := 0; at < len(src); {
		i := bytes.IndexAny(src[at:], "xX")
		if i < 0 {
			break
		}
		at += i
		start, digits, end := hexLiteral(src, at, chained)
		if end == 0 {
			at++
			continue
		}
		n := len(dst) + start - done
		dst = append(dst, src[done:start]...)
		var f Flags
		dst, f = hexAppend(dst, digits)
		fl |= f
		if len(dst) == n {
			dst = append(dst, src[start:end]...) // not printable
		} else if len(digits) == 2 {
			chained = end
		}
		done, at = end, end
	}
	return append(dst, src[done:]...), fl
}

// hexLiteral finds the literal whose x stands at src[x]: where it starts, its
// digits and where it ends; end is 0 when there is none.
func hexLiteral(src []byte, x, chained int) (start int, digits []byte, end int) {
	if x+1 < len(src) && src[x+1] == '\'' {
		if x > 0 && escWord[src[x-1]] {
			return 0, nil, 0
		}
		n := hexRun(src[x+2:])
		end = x + 2 + n
		if n < 4 || n&1 != 0 || end == len(src) || src[end] != '\'' {
			return 0, nil, 0
		}
		return x, src[x+2 : end], end + 1
	}
	if x == 0 || src[x-1] != '0' {
		return 0, nil, 0
	}
	start = x - 1
	goesOn := start == chained && chained > 0
	if start > 0 && escWord[src[start-1]] && !goesOn {
		return 0, nil, 0
	}
	rest := src[x+1:]
	n := hexRun(rest)
	next := n < len(rest) && n > 0 && rest[n]|0x20 == 'x' && rest[n-1] == '0'
	if next {
		n-- // that 0 belongs to the next literal
	}
	switch {
	case n >= 4 && n&1 == 0:
	case n >= 2 && goesOn || n == 2 && next:
		n = 2
	default:
		return 0, nil, 0
	}
	return start, rest[:n], x + 1 + n
}

// hexRun counts the hexadecimal digits at the start of b.
func hexRun(b []byte) int {
	n := 0
	for n < len(b) && escHex[b[n]] != escNone {
		n++
	}
	return n
}

// hexAppend appends the text that an even number of digits spell, or nothing
// when one byte of it is neither printable ASCII nor tab, CR, LF.
func hexAppend(dst, digits []byte) ([]byte, Flags) {
	keep := len(dst)
	fl := Changed | Hexed
	for i := 0; i+1 < len(digits); i += 2 {
		c := escHex[digits[i]]<<4 | escHex[digits[i+1]]
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c >= 0x7F {
			return dst[:keep], 0
		}
		if c < ' ' {
			fl |= escNote(rune(c))
		}
		dst = append(dst, c)
	}
	return dst, fl
}

// HexString appends what src, taken as a whole as hexadecimal digits (an even
// number, at least 16, with or without 0x), spells to dst, if that is printable
// UTF-8 text; else it returns dst as it was and false. Hashes and random ids
// practically never are. A value of decimal digits only (a card number) has to
// have 32 of them. The output is at most half as long as src.
func HexString(dst, src []byte) ([]byte, bool) {
	n := len(src)
	if n < hexWhole || n&1 != 0 || escHex[src[n-1]] == escNone {
		return dst, false
	}
	if src[0] == '0' && src[1]|0x20 == 'x' {
		src = src[2:]
		n -= 2
	}
	if n < hexWhole || n < 2*hexWhole && !bytes.ContainsAny(src, "abcdefABCDEF") {
		return dst, false
	}
	keep := len(dst)
	dst = append(dst, make([]byte, n/2)...)
	if _, err := hex.Decode(dst[keep:], src); err != nil {
		return dst[:keep], false
	}
	text := dst[keep:]
	if !utf8.Valid(text) || textScore(text) != len(text) {
		return dst[:keep], false
	}
	return dst, true
}
