package decode

import (
	"testing"
	"unicode/utf8"
)

// The output keeps its bound, and text survives a round trip in every order.
func FuzzUTF16(f *testing.F) {
	f.Add([]byte("\xff\xfe<\x00b\x00>\x00"), uint8(1))
	f.Fuzz(func(t *testing.T, src []byte, n uint8) {
		order := Order(n % 5)
		escInvariant(t, "UTF16", src, len(src)*3/2, func(dst, src []byte) ([]byte, Flags) {
			return UTF16(dst, src, order)
		})
		s := string(src)
		if order == OrderNone || !utf8.Valid(src) || len(s) > 2 && s[:3] == "\ufeff" {
			return
		}
		if got, _ := UTF16(nil, wideEncode(s, order), order); string(got) != s {
			t.Errorf("%q in order %d gives %q", s, order, got)
		}
	})
}
