package decode

import (
	"bytes"
	"testing"
)

// The input comes first, and what is appended keeps the bound.
func FuzzCharCodes(f *testing.F) {
	f.Add([]byte("char(60,115)||chr(0x3c) [char]97+[char]98 String.fromCharCode(60) chr(1 using x)"))
	f.Fuzz(func(t *testing.T, src []byte) {
		escInvariant(t, "CharCodes", src, 2*len(src), CharCodes)
		if out, _ := CharCodes(nil, src); !bytes.HasPrefix(out, src) {
			t.Errorf("%q gives %q", src, out)
		}
	})
}
