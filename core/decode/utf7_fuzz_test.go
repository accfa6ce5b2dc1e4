package decode

import (
	"testing"
	"unicode/utf8"
)

// The output keeps its bound, and encoded text comes back.
func FuzzUTF7(f *testing.F) {
	f.Add([]byte("+ADw-script+AD4-&ADw-+-+AB"))
	f.Fuzz(func(t *testing.T, src []byte) {
		escInvariant(t, "UTF7", src, len(src)*9/8, UTF7)
		LooksUTF7(src)
		if len(src) == 0 || !utf8.Valid(src) {
			return
		}
		if got, _ := UTF7(nil, utf7Encode(string(src))); string(got) != string(src) {
			t.Errorf("%q gives %q", src, got)
		}
	})
}
