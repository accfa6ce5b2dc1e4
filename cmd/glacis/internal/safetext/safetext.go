// Package safetext makes text that an attacker wrote fit to be shown.
package safetext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// UTF8 returns s with every byte that is not part of valid UTF-8 written as
// \xHH, so that it can stand in a JSON string without losing bytes. Text that
// is valid is returned as it is. The result is for reading: a literal `\xHH`
// in s looks the same.
func UTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			writeByte(&b, s[i])
		} else {
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}

// Terminal returns s with everything escaped that could move the cursor, color
// the screen or reorder the text: control characters, DEL, format and private
// characters and invalid UTF-8. Line ends and tabs become \n, \r and \t.
func Terminal(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			writeByte(&b, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteString(s[i : i+size])
		default:
			for k := i; k < i+size; k++ {
				writeByte(&b, s[k])
			}
		}
		i += size
	}
	return b.String()
}

// Clip returns at most n runes of s; an ellipsis stands for what was cut.
func Clip(s string, n int) string {
	count := 0
	for i := range s {
		if count == n-1 && utf8.RuneCountInString(s[i:]) > 1 {
			return s[:i] + "…"
		}
		count++
	}
	return s
}

func writeByte(b *strings.Builder, c byte) {
	b.WriteString(`\x`)
	b.WriteByte(hexDigits[c>>4])
	b.WriteByte(hexDigits[c&15])
}
