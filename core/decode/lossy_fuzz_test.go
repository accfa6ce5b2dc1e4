package decode

import (
	"testing"
	"unicode/utf8"
)

// The output is never longer than the input, only Changed lets it differ, and
// valid UTF-8 stays as it is.
func FuzzLossy(f *testing.F) {
	f.Add([]byte("\xc0.\xc0.\xc0\\etc..\xc1%8s..\xff\xfe\xfd\xfc"))
	f.Fuzz(func(t *testing.T, src []byte) {
		escInvariant(t, "Lossy", src, len(src), Lossy)
		if _, fl := Lossy(nil, src); utf8.Valid(src) != (fl == 0) {
			t.Errorf("%q: flags %b", src, fl)
		}
	})
}
