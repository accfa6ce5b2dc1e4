package decode

import "testing"

// The score is a count of bytes, and printable ASCII is always believed.
func FuzzTextLike(f *testing.F) {
	f.Add([]byte("été \x00\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s := textScore(b); s < 0 || s > len(b) {
			t.Errorf("%q scores %d", b, s)
		}
		TextLike(b)
		for i := range b {
			b[i] = ' ' + b[i]%95
		}
		if len(b) > 0 && !TextLike(b) {
			t.Errorf("%q is not text-like", b)
		}
	})
}
