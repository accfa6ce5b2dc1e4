package decompress

import (
	"bytes"
	"testing"
)

// FuzzPush states: no input makes a decompressor panic, any chunking yields the
// same text, and what it compresses comes back.
func FuzzPush(f *testing.F) {
	f.Add([]byte("plain"), 3)
	f.Add([]byte("\x28\xb5\x2f\xfd\x04\x00"), 1)
	for _, c := range loadBodies(f) {
		f.Add(c.in(f), 2)
	}
	f.Fuzz(func(t *testing.T, data []byte, piece int) {
		if piece < 1 || piece > 1<<16 || len(data) > 1<<16 {
			t.Skip("out of range")
		}
		for name, compress := range compressors {
			whole, wholeErr := expand(name, data, len(data)+1)
			parts, partsErr := expand(name, data, piece)
			if !bytes.Equal(whole, parts) || (wholeErr == nil) != (partsErr == nil) {
				t.Errorf("%s: whole %d bytes (%v), in parts %d bytes (%v)", name, len(whole), wholeErr, len(parts), partsErr)
			}
			// The brotli writer sometimes ends with a byte that its reader, fed
			// byte by byte, finds after the end: an error, but no text is lost.
			if back, err := expand(name, compress(t, data), piece); !bytes.Equal(back, data) || err != nil && name != "br" {
				t.Errorf("%s: does not come back: %v", name, err)
			}
		}
	})
}
