package decode

import (
	"bytes"
	"compress/flate"
	"io"
	"testing"
)

// Whatever compress/flate decodes we decode, however it is cut.
func FuzzInflate(f *testing.F) {
	f.Add([]byte("\x4b\x4c\x4a\x06\x00"), uint8(3), uint8(5))
	f.Add([]byte("\x05\xe0\x81\x08\x00\x00\x00\x00\x20\x7f\xeb\x03"), uint8(1), uint8(1))
	f.Fuzz(func(t *testing.T, src []byte, ins, outs uint8) {
		if len(src) > 1<<12 {
			return
		}
		want, err := io.ReadAll(flate.NewReader(bytes.NewReader(src)))
		whole, st := inflated(t, InflateRaw, src, len(src)+1, 1<<16)
		if err == nil && (st != InflateDone || !bytes.Equal(whole, want)) {
			t.Fatalf("state %d, %d bytes instead of %d", int(st), len(whole), len(want))
		}
		if err != nil && (st == InflateDone || !bytes.HasPrefix(whole, want)) {
			t.Fatalf("state %d where flate says %v", int(st), err)
		}
		cut, cst := inflated(t, InflateRaw, src, int(ins)+1, int(outs)+1)
		if cst != st || !bytes.Equal(cut, whole) {
			t.Fatalf("cut: state %d and %d bytes, whole: state %d and %d bytes", int(cst), len(cut), int(st), len(whole))
		}
	})
}
