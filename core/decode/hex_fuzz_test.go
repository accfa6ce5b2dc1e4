package decode

import "testing"

// Literals keep the bound; a whole string gives half its length or nothing.
func FuzzHex(f *testing.F) {
	f.Add([]byte("0x3c736372 x'3c73' 0x2e0x2e0x2fetc"))
	f.Add([]byte("3c7363726970743e"))
	f.Fuzz(func(t *testing.T, src []byte) {
		escInvariant(t, "HexLiterals", src, len(src), HexLiterals)
		if out, ok := HexString(nil, src); ok != (len(out) > 0) || 2*len(out) > len(src) {
			t.Errorf("%q gives %q %v", src, out, ok)
		}
	})
}
