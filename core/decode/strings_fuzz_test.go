package decode

import "testing"

// Chunked = whole, and no run of ASCII text is missed.
func FuzzStrings(f *testing.F) {
	f.Add([]byte("\x00\x01hello world\x00a\x00b\x00c\x00d\x00e\x00f\x00"), uint8(3))
	f.Add([]byte("a\x00b\x00c\x00d\x00e\x00f\x00ghijklmnop"), uint8(200))
	f.Fuzz(func(t *testing.T, seed []byte, k uint8) {
		if len(seed) == 0 {
			return
		}
		in := seed
		for len(in) < 3000 {
			in = append(in, noise(int(k)%37)...)
			in = append(in, seed...)
		}
		checkStrings(t, in, 4*Overlap+int(k))
	})
}
