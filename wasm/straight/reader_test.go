package straight

import (
	"errors"
	"testing"
)

func TestNumbers(t *testing.T) {
	for _, n := range []uint64{0, 1, 127, 128, 16384, 1<<32 - 1, 1<<64 - 1} {
		r := &reader{b: appendLEB(nil, n)}
		if got := r.leb(); got != n || r.err != nil || r.at != len(r.b) {
			t.Errorf("%d became %d, %v", n, got, r.err)
		}
	}
	for _, c := range []struct {
		in   string
		want int32
	}{{"\x00", 0}, {"\x3f", 63}, {"\x40", -64}, {"\x7f", -1}, {"\x80\x01", 128}, {"\x80\x7f", -128}, {"\x80\x80\x80\x80\x78", -1 << 31}} {
		r := &reader{b: []byte(c.in)}
		if got := r.signed32(); got != c.want || r.err != nil {
			t.Errorf("%x is %d, want %d, %v", c.in, got, c.want, r.err)
		}
	}
	for _, bad := range []string{"", "\x80", "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"} {
		r := &reader{b: []byte(bad)}
		if r.leb(); r.err == nil {
			t.Errorf("%x is a number", bad)
		}
	}
	r := &reader{b: []byte("ab")}
	if r.bytes(3); !errors.Is(r.err, errShort) {
		t.Errorf("three of two bytes: %v", r.err)
	}
}
