package decode

import "testing"

// The output is never longer than the input, and only Changed lets it differ.
func FuzzUTF8(f *testing.F) {
	f.Add([]byte("\xc0\xae\xe0\x80\xaf\xc1\x1c＜\u200b\xff é"))
	f.Fuzz(func(t *testing.T, src []byte) {
		escInvariant(t, "UTF8", src, len(src), UTF8)
	})
}
