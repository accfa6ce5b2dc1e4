package decode

import "unicode/utf8"

// maxLossy is the longest run of bytes that Lossy drops. Text in another
// encoding than UTF-8 has longer ones, and is no guess's business.
const maxLossy = 3

// Lossy appends src to dst without the bytes that are not UTF-8 and stand, up to
// three in a row, between ASCII characters or at an end: decoders told to ignore
// errors (iconv's //IGNORE, Python's errors="ignore") drop them, and with them
// the over-long forms that never were complete: %c0.%c0.%c0\etc.
//
// C0 or C1 before a percent escape with letters for digits is read as IIS 4 and 5
// did (CVE-2000-0884), who took any letter for a digit of its place in the
// alphabet: %c1%8s and %c1%pc are a backslash, %c0%9v and %c0%qf a slash. It is
// undone when it spells punctuation.
//
// Complete over-long forms stay: UTF8 undoes them.
//
// Flags: Changed, InvalidUTF8, Overlong. The output is never longer than src. It
// is a guess: judge src as well.
func Lossy(dst, src []byte) ([]byte, Flags) {
	var fl Flags
	done := 0
	for i := 0; i < len(src); {
		if src[i] < utf8.RuneSelf {
			i++
			continue
		}
		if _, size := utf8.DecodeRune(src[i:]); size > 1 {
			i += size
			continue
		}
		if c := lossyLetters(src, i); c != 0 {
			dst = append(dst, src[done:i]...)
			dst = append(dst, c)
			i += 4
			done = i
			fl |= Changed | Overlong
			continue
		}
		if _, size := utf8Overlong(src[i:]); size > 0 && src[i+1] >= utf8.RuneSelf {
			fl |= InvalidUTF8
			i += size
			continue
		}
		end := i + 1
		for end < len(src) && src[end] >= utf8.RuneSelf {
			if _, size := utf8.DecodeRune(src[end:]); size > 1 {
				break
			}
			end++
		}
		fl |= InvalidUTF8
		if end-i <= maxLossy && (i == 0 || src[i-1] < utf8.RuneSelf) && (end == len(src) || src[end] < utf8.RuneSelf) {
			dst = append(dst, src[done:i]...)
			done = end
			fl |= Changed
		}
		i = end
	}
	return append(dst, src[done:]...), fl
}

// lossyLetters returns the punctuation that C0 or C1 at src[i] and the escape
// behind it spell if letters up to z are digits, or 0.
func lossyLetters(src []byte, i int) byte {
	if src[i]&0xFE != 0xC0 || i+3 >= len(src) || src[i+1] != '%' {
		return 0
	}
	hi, lo := lossyDigit(src[i+2]), lossyDigit(src[i+3])
	if hi < 0 || lo < 0 {
		return 0
	}
	c := byte(int(src[i]&1)<<6 | (hi<<4+lo)&0x3F)
	if !escPunct[c] {
		return 0
	}
	return c
}

// lossyDigit is the value of a digit of base 36, or -1.
func lossyDigit(c byte) int {
	switch l := c | 0x20; {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case l >= 'a' && l <= 'z':
		return int(l-'a') + 10
	}
	return -1
}
