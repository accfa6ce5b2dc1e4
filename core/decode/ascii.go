package decode

// Classes of bytes shared by the whole-value cursors. A byte may be in several.
const (
	asciiAlpha uint8 = 1 << iota // A-Z a-z
	asciiDigit                   // 0-9
	asciiWord                    // letters, digits, underscore
	asciiBlank                   // space, tab, CR, LF, VT, FF
	asciiText                    // 0x20-0x7e, tab, CR, LF
	asciiURL64                   // the base64url and base64 alphabets, with =
	asciiPlain                   // letters, digits, _ - . / : % @ + = and blank
	asciiHex                     // 0-9 a-f A-F
)

// asciiClass maps a byte to its classes.
var asciiClass [256]uint8

func init() {
	for i := 0; i < 256; i++ {
		c := byte(i)
		var v uint8
		digit := c >= '0' && c <= '9'
		alpha := c|0x20 >= 'a' && c|0x20 <= 'z'
		if alpha {
			v |= asciiAlpha
		}
		if digit {
			v |= asciiDigit
		}
		if alpha || digit || c == '_' {
			v |= asciiWord | asciiPlain
		}
		if alpha || digit || c == '_' || c == '-' || c == '+' || c == '/' || c == '=' {
			v |= asciiURL64
		}
		if c == ' ' || c >= '\t' && c <= '\r' {
			v |= asciiBlank
		}
		if c >= 0x20 && c < 0x7f || c == '\t' || c == '\r' || c == '\n' {
			v |= asciiText
		}
		switch c {
		case '-', '.', '/', ':', '%', '@', '+', '=', ' ', '\t':
			v |= asciiPlain
		}
		if digit || c|0x20 >= 'a' && c|0x20 <= 'f' {
			v |= asciiHex
		}
		asciiClass[i] = v
	}
}

// asciiSpan returns the first index >= i whose byte is not of the given class.
func asciiSpan(b []byte, i int, class uint8) int {
	for i < len(b) && asciiClass[b[i]]&class != 0 {
		i++
	}
	return i
}

// asciiFold tells whether b at i starts with the lower-case word, whatever
// b's case.
func asciiFold(b []byte, i int, word string) bool {
	if i < 0 || len(b)-i < len(word) {
		return false
	}
	for k := 0; k < len(word); k++ {
		c := b[i+k]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != word[k] {
			return false
		}
	}
	return true
}

// asciiNumber reads decimal digits at i and returns the number, capped at
// 1<<30, and the index behind them; no digits give i itself.
func asciiNumber(b []byte, i int) (n, end int) {
	n = 0 // yaegi does not zero named results
	for i < len(b) && asciiClass[b[i]]&asciiDigit != 0 {
		if n < 1<<26 {
			n = n*10 + int(b[i]-'0')
		} else {
			n = 1 << 30
		}
		i++
	}
	return n, i
}

// asciiTrim cuts blanks off both ends.
func asciiTrim(b []byte) []byte {
	i, e := 0, len(b)
	for i < e && asciiClass[b[i]]&asciiBlank != 0 {
		i++
	}
	for e > i && asciiClass[b[e-1]]&asciiBlank != 0 {
		e--
	}
	return b[i:e]
}
