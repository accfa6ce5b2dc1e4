package decode

import "bytes"

// maxName is how many bytes of a key are kept as the Name of what stands under
// it. Keys are reported in full as KindName; the copy only labels a path.
const maxName = 64

// longToken is the length up to which a cursor may decide something about a
// token as a whole (trim it, take it for a name). A token of that length that
// starts a window always ends inside it or has all those bytes visible, because
// windows are at least 4*Overlap long: decisions do not depend on the windows.
const longToken = 2 * Overlap

// Bits of scanClass.
const (
	isBlank     = 1 << iota // space, tab, CR, LF
	isWordByte              // letter, digit, underscore
	isNameByte              // what an XML name or a MIME token consists of
	isParamByte             // what a query parameter's name consists of
	stopsValue              // ends a bare JSON token at a value's place
	stopsKey                // ends a bare JSON token at a key's place
	stopsTop                // ends a bare JSON token outside of any container
)

// scanClass tells the cursors what a byte is; filled once by init.
var scanClass [256]uint8

func init() {
	mark(" \t\r\n", isBlank)
	mark("abcdefghijklmnopqrstuvwxyz", isWordByte|isNameByte|isParamByte)
	mark("ABCDEFGHIJKLMNOPQRSTUVWXYZ", isWordByte|isNameByte|isParamByte)
	mark("0123456789_", isWordByte|isNameByte|isParamByte)
	mark("-.:", isNameByte)
	mark("-.[]%~$*!", isParamByte)
	mark(",]}[{\"\r\n", stopsValue)
	mark(",]}[{\"\r\n:", stopsKey)
	mark("[{\"\r\n", stopsTop)
	for i := 0x80; i < 256; i++ {
		scanClass[i] |= isNameByte
	}
}

// mark adds a bit to the class of every byte of set.
func mark(set string, bit uint8) {
	for i := 0; i < len(set); i++ {
		scanClass[set[i]] |= bit
	}
}

// clip shortens a key to what is kept of it as a Name.
func clip(name []byte) []byte {
	if len(name) > maxName {
		return name[:maxName]
	}
	return name
}

// skipBlank is the first index at or after i that holds no blank.
func skipBlank(b []byte, i int) int {
	for i < len(b) && scanClass[b[i]]&isBlank != 0 {
		i++
	}
	return i
}

// trimBlank cuts blanks from both ends.
func trimBlank(b []byte) []byte {
	b = b[skipBlank(b, 0):]
	n := len(b)
	for n > 0 && scanClass[b[n-1]]&isBlank != 0 {
		n--
	}
	return b[:n]
}

// indexFrom is the first index of ch in b at or after i, or len(b).
func indexFrom(b []byte, i int, ch byte) int {
	if i >= len(b) {
		return len(b)
	}
	k := bytes.IndexByte(b[i:], ch)
	if k < 0 {
		return len(b)
	}
	return i + k
}
