package decode

import "testing"

// The parts and their separators are as long as the token.
func FuzzSplitJWT(f *testing.F) {
	f.Add([]byte("eyJhbGciOiJub25lIn0.eyJhIjoxfQ."))
	f.Add([]byte("a:b:c.d"))
	f.Fuzz(func(t *testing.T, b []byte) {
		LooksJWT(b)
		parts, n := SplitJWT(b)
		if n == 0 {
			return
		}
		total := n - 1
		for i := 0; i < n; i++ {
			total += len(parts[i])
		}
		if total != len(b) {
			t.Fatalf("%d of %d bytes", total, len(b))
		}
	})
}
