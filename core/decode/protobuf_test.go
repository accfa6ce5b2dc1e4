package decode

import (
	"bytes"
	"testing"
)

func TestProtobuf(t *testing.T) {
	runWholeCases(t, "protobuf.json", &Protobuf{}, LooksProtobuf)
}

// Messages nested more deeply than MaxDepth end as bytes, not in a crash.
func TestProtobufDeep(t *testing.T) {
	in := []byte("\x0a\x03\x01ab")
	for len(in) < 120 {
		in = append([]byte{0x0a, byte(len(in))}, in...)
	}
	got := wholeFields(t, &Protobuf{}, in)
	last := 0
	for i := range got {
		if got[i][0] == 'V' {
			last++
		}
	}
	if last == 0 {
		t.Error("no value in the depth")
	}
}

func BenchmarkProtobuf(b *testing.B) {
	in := bytes.Repeat([]byte("\x0a\x05alice\x12\x08\x0a\x06mallet\x18\x96\x01"), 50)
	benchWhole(b, &Protobuf{}, in)
}
