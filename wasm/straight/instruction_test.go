package straight

import (
	"testing"

	"github.com/glacis-waf/glacis/wasm/internal/binary"
)

// TestDecode splits one instruction of every form and what follows it.
func TestDecode(t *testing.T) {
	for _, in := range []string{
		"\x00", "\x01", "\x02\x40", "\x03\x40", "\x04\x7f", "\x05", "\x0b", "\x0c\x03", "\x0d\x80\x01",
		"\x0e\x02\x00\x01\x02", "\x0f", "\x10\x85\x02", "\x11\x03\x00", "\x1a", "\x1b", "\x20\x00", "\x24\x01",
		"\x28\x02\x08", "\x3e\x02\x80\x01", "\x3f\x00", "\x40\x00", "\x41\x7f", "\x42\x80\x80\x04", "\x43abcd", "\x44abcdefgh",
		"\x45", "\xa7", "\xc4", "\xd2\x01", "\xfc\x03", "\xfc\x0a\x00\x00", "\xfc\x0b\x00", "\xfc\x08\x01\x00",
	} {
		r := &reader{binary.Reader{B: []byte(in + "\x0b")}}
		list := decode(r)
		if r.Err != nil || len(list) != 2 || list[0].end != len(in) || list[1].op != opEnd {
			t.Errorf("%x: %+v, %v", in, list, r.Err)
		}
	}
	for _, bad := range []string{"\xff", "\xfc\x20", "\x1c\x01", "\x41", "\x0e\x05\x00", "\x43ab"} {
		r := &reader{binary.Reader{B: []byte(bad)}}
		if decode(r); r.Err == nil {
			t.Errorf("%x is an instruction", bad)
		}
	}
}
