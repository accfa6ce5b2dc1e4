package decode

import (
	"bytes"
	"encoding/base64"
	"testing"
)

// The output keeps its bound, the sieve never panics, and what the library
// encodes comes back, however it is broken into lines.
func FuzzBase64(f *testing.F) {
	f.Add([]byte("PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="))
	f.Fuzz(func(t *testing.T, src []byte) {
		LooksBase64(src)
		out, ok := Base64([]byte("x"), src)
		if len(out)-1 > len(src)*3/4 || ok != (len(out) > 1) {
			t.Errorf("%q gives %q %v", src, out, ok)
		}
		TextLike(out)
		text := base64.URLEncoding.EncodeToString(src)
		for cut := 0; cut < len(text); cut += 7 {
			got, _ := Base64(nil, []byte(text[:cut]+"\r\n "+text[cut:]))
			if !bytes.Equal(got, src) {
				t.Errorf("%q cut at %d gives %q", text, cut, got)
			}
		}
	})
}
