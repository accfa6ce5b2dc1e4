package basic

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"testing"
)

// TestModel checks that the constant is a whole model file: its magic, its
// checksum, and a length that fits the number of weights it declares. The
// tests of core load it.
func TestModel(t *testing.T) {
	data, err := base64.StdEncoding.DecodeString(Model)
	if err != nil {
		t.Fatalf("decode: %v", err)
	}
	const gate = 4096 * 8
	if len(data) < gate || string(data[:8]) != "GLACISM1" {
		t.Fatalf("%d bytes do not begin with the magic", len(data))
	}
	end := len(data) - sha256.Size
	sum := sha256.Sum256(data[:end])
	if string(data[end:]) != string(sum[:]) {
		t.Error("wrong checksum")
	}
	weights := int(binary.LittleEndian.Uint32(data[148:]))
	if head := end - gate - weights - weights/8; head < 256 || head > 1024 {
		t.Errorf("%d bytes with %d weights leave %d for the header", len(data), weights, head)
	}
}
