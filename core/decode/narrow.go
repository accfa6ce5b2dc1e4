package decode

import "unicode/utf8"

// narrowSmall is what U+FE50–U+FE6B (small form variants) narrow to; a blank
// means that the character has no ASCII counterpart.
const narrowSmall = `, . ;:?! (){}  #&*+-<>= \$%@`

// narrowQuotes is what U+2018–U+201F narrow to.
const narrowQuotes = `''''""""`

// utf8Narrow appends the ASCII counterpart of r, or r itself when it has none.
// No counterpart is longer than r in UTF-8 (the shortest r here has two bytes).
// Sources: Unicode's compatibility decompositions (UAX 15), UTS 46 for the full
// stops, Microsoft's best-fit table of code page 1252 for primes and slashes.
func utf8Narrow(dst []byte, r rune) ([]byte, Flags) {
	const wide = Wide | Changed
	switch {
	case r < 0x2000:
		switch r {
		case 0xA0:
			return append(dst, ' '), wide
		case 0xAD:
			return dst, wide
		case 0x17F: // long s: its upper case is S
			return append(dst, 's'), wide
		case 0x2B9, 0x2BC:
			return append(dst, '\''), wide
		}
	case r < 0x2070:
		return narrowGeneral(dst, r)
	case r >= 0x2460 && r <= 0x24EA:
		return narrowCircled(dst, r)
	case r >= 0xFF01 && r <= 0xFF5E:
		return append(dst, byte(r-0xFEE0)), wide
	case r >= 0xFE50 && r <= 0xFE6B:
		if c := narrowSmall[r-0xFE50]; c != ' ' {
			return append(dst, c), wide
		}
	case r >= 0x1D400 && r <= 0x1D7FF:
		return narrowMath(dst, r)
	case r >= 0x1F130 && r <= 0x1F149: // squared letters
		return append(dst, byte('A'+r-0x1F130)), wide
	case r >= 0xE0020 && r <= 0xE007E: // tags: invisible ASCII
		return append(dst, byte(r-0xE0000)), wide
	}
	switch r {
	case 0x3000:
		return append(dst, ' '), wide
	case 0x3002, 0xFF61:
		return append(dst, '.'), wide
	case 0xFEFF:
		return dst, wide
	case 0x212A: // Kelvin sign: its lower case is k
		return append(dst, 'K'), wide
	case 0x2215:
		return append(dst, '/'), wide
	case 0x2216:
		return append(dst, '\\'), wide
	case 0x2329, 0x3008:
		return append(dst, '<'), wide
	case 0x232A, 0x3009:
		return append(dst, '>'), wide
	}
	return utf8.AppendRune(dst, r), 0
}

// narrowGeneral treats the block General Punctuation, U+2000–U+206F.
func narrowGeneral(dst []byte, r rune) ([]byte, Flags) {
	const wide = Wide | Changed
	switch {
	case r <= 0x200A || r == 0x2028 || r == 0x2029 || r == 0x202F || r == 0x205F:
		return append(dst, ' '), wide
	case r <= 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2060 && r <= 0x2069:
		// zero-width characters and direction marks
		return dst, wide
	case r >= 0x2018 && r <= 0x201F:
		return append(dst, narrowQuotes[r-0x2018]), wide
	case r == 0x2032:
		return append(dst, '\''), wide
	case r == 0x2033:
		return append(dst, '"'), wide
	case r == 0x2035:
		return append(dst, '`'), wide
	case r == 0x2039:
		return append(dst, '<'), wide
	case r == 0x203A:
		return append(dst, '>'), wide
	case r == 0x2044:
		return append(dst, '/'), wide
	}
	return utf8.AppendRune(dst, r), 0
}

// narrowCircled treats the circled digits, numbers and letters of
// U+2460–U+24EA; those in parentheses or with full stops stay.
func narrowCircled(dst []byte, r rune) ([]byte, Flags) {
	const wide = Wide | Changed
	switch {
	case r <= 0x2468:
		return append(dst, byte('1'+r-0x2460)), wide
	case r <= 0x2472:
		return append(dst, '1', byte('0'+r-0x2469)), wide
	case r == 0x2473:
		return append(dst, '2', '0'), wide
	case r >= 0x24B6 && r <= 0x24CF:
		return append(dst, byte('A'+r-0x24B6)), wide
	case r >= 0x24D0 && r <= 0x24E9:
		return append(dst, byte('a'+r-0x24D0)), wide
	case r == 0x24EA:
		return append(dst, '0'), wide
	}
	return utf8.AppendRune(dst, r), 0
}

// narrowMath treats the mathematical alphanumerics, U+1D400–U+1D7FF: runs of
// A–Z a–z in thirteen styles, Greek (kept), then digits in five styles.
func narrowMath(dst []byte, r rune) ([]byte, Flags) {
	const wide = Wide | Changed
	switch {
	case r <= 0x1D6A3:
		k := byte((r - 0x1D400) % 52)
		if k < 26 {
			return append(dst, 'A'+k), wide
		}
		return append(dst, 'a'+k-26), wide
	case r <= 0x1D6A5: // dotless i and j
		return append(dst, byte('i'+r-0x1D6A4)), wide
	case r >= 0x1D7CE:
		return append(dst, '0'+byte((r-0x1D7CE)%10)), wide
	}
	return utf8.AppendRune(dst, r), 0
}
