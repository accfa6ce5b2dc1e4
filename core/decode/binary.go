package decode

import (
	"bytes"
	"unicode/utf8"
)

// binarySample is how many leading bytes LooksBinary judges.
const binarySample = 512

// binaryMagic are the first bytes of formats whose magic contains a byte that
// text does not; one a line of the string, split at setup.
var binaryMagic [][]byte

// binaryTextMagic are magics that are printable and so need a second witness.
var binaryTextMagic [][]byte

func init() {
	binaryMagic = bytes.Split([]byte("\x89PNG|\xff\xd8\xff|PK\x03\x04|PK\x05\x06|\x1f\x8b|\x7fELF|"+
		"\x00\x00\x01\x00|7z\xbc\xaf|\xd0\xcf\x11\xe0|\x00asm|\xca\xfe\xba\xbe|\x28\xb5\x2f\xfd|"+
		"\xac\xed\x00\x05|\x00\x01\x00\x00\x00|SQLite format 3\x00|\xfd7zXZ|\x1aE\xdf\xa3"), []byte("|"))
	binaryTextMagic = bytes.Split([]byte("GIF87a|GIF89a|%PDF-|RIFF|wOFF|wOF2|OTTO|OggS|ID3|BM|Rar!|fLaC|BZh|MZ"),
		[]byte("|"))
}

// LooksBinary tells whether b is binary rather than text in some 8-bit charset:
// by the magic number of a common file format, or because more than a quarter
// of the first 512 bytes are control bytes or not UTF-8 (at least 16 bytes are
// needed for that). One NUL in a path is not enough, nor is a printable magic
// such as GIF89a alone, so that an attacker cannot have text taken for binary
// cheaply; and what is taken for binary still gives up its strings (Strings).
func LooksBinary(b []byte) bool {
	for i := 0; i < len(binaryMagic); i++ {
		if bytes.HasPrefix(b, binaryMagic[i]) {
			return true
		}
	}
	n := len(b)
	if n > binarySample {
		n = binarySample
	}
	if n >= 12 && bytes.Equal(b[4:8], []byte("ftyp")) && b[0] == 0 {
		return true
	}
	bad, ctl := 0, 0
	for i := 0; i < n; {
		c := b[i]
		if c < utf8.RuneSelf {
			if asciiClass[c]&asciiText == 0 && c != 0x0c && c != 0x1b {
				ctl++
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			bad++
		}
		i += size
	}
	if n >= 16 && 4*(bad+ctl) > n {
		return true
	}
	if 16*(bad+ctl) <= n || ctl == 0 {
		return false
	}
	for i := 0; i < len(binaryTextMagic); i++ {
		if bytes.HasPrefix(b, binaryTextMagic[i]) {
			return true
		}
	}
	return false
}
