package decode

import "testing"

// No panic, an end, and no letters lost but numbers, tags and lengths.
func FuzzProtobuf(f *testing.F) {
	f.Add([]byte("\x0a\x05alice\x12\x08\x0a\x06mallet\x18\x96\x01"))
	f.Add([]byte("\x00\x00\x00\x00\x07\x0a\x05alice"))
	f.Fuzz(func(t *testing.T, b []byte) {
		LooksProtobuf(b)
		checkLoss(t, &Protobuf{}, b, func(b []byte) int { return len(b) })
	})
}
