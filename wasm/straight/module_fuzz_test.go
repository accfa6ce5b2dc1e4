package straight

import (
	"bytes"
	"testing"
)

// FuzzModule: whatever the bytes are, there is no panic and no endless loop, and
// what was straightened once stays as it is.
func FuzzModule(f *testing.F) {
	head := "\x00asm\x01\x00\x00\x00"
	// one function: a loop around three segments, of which the first jumps to the last
	f.Add([]byte(head + "\x0a\x1f\x01\x1d\x00\x02\x40\x03\x40\x02\x40\x02\x40\x02\x40\x20\x00\x0e\x02\x00\x01\x02\x0b\x41\x02\x21\x00\x0c\x02\x0b\x0b\x0b\x00\x0b\x00"))
	f.Add([]byte(head))
	f.Fuzz(func(t *testing.T, in []byte) {
		once, _, err := Module(in)
		if err != nil {
			return
		}
		twice, stats, err := Module(once)
		if err != nil || stats.Direct != 0 || !bytes.Equal(once, twice) {
			t.Errorf("the second time %v, %+v", err, stats)
		}
	})
}
