package decode

import "testing"

// The output is never longer than the input, and only Changed lets it differ.
func FuzzHTML(f *testing.F) {
	f.Add([]byte("&lt;b&#62;&#x3c&notit;&#0000;&#99999999999;&"))
	f.Fuzz(func(t *testing.T, src []byte) {
		escInvariant(t, "HTML", src, len(src), HTML)
	})
}
