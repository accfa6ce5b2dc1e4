package decode

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// The output keeps its bound, cuts change nothing, and text that has no unit of
// printable bytes and no mark survives a round trip in every order.
func FuzzUTF16(f *testing.F) {
	f.Add([]byte("\xff\xfe<\x00b\x00>\x00"), uint8(1), uint8(3))
	f.Fuzz(func(t *testing.T, src []byte, n, cut uint8) {
		order := OrderUTF16LE + Order(n%4)
		checkUTF16(t, src, order, int(cut)%(len(src)+1))
		s := string(src)
		if !utf8.Valid(src) || strings.Contains(s, "\ufeff") {
			return
		}
		wide := wideEncode(s, order)
		for i := 0; i+order.UnitSize() <= len(wide); i += order.UnitSize() {
			if utf16Plain(wide[i : i+order.UnitSize()]) {
				return
			}
		}
		if got, _ := UTF16(nil, wide, order, true); string(got) != s {
			t.Errorf("%q in order %d gives %q", s, order, got)
		}
	})
}
