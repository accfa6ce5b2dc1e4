package binary

import (
	"errors"
	"testing"
)

func TestNumbers(t *testing.T) {
	for _, n := range []uint64{0, 1, 127, 128, 16384, 1<<32 - 1, 1<<64 - 1} {
		r := &Reader{B: AppendLEB(nil, n)}
		if got := r.LEB(); got != n || r.Err != nil || r.At != len(r.B) {
			t.Errorf("%d became %d, %v", n, got, r.Err)
		}
	}
	for _, c := range []struct {
		in   string
		want int32
	}{{"\x00", 0}, {"\x3f", 63}, {"\x40", -64}, {"\x7f", -1}, {"\x80\x01", 128}, {"\x80\x7f", -128}, {"\x80\x80\x80\x80\x78", -1 << 31}} {
		r := &Reader{B: []byte(c.in)}
		if got := r.Signed32(); got != c.want || r.Err != nil {
			t.Errorf("%x is %d, want %d, %v", c.in, got, c.want, r.Err)
		}
	}
	for _, bad := range []string{"", "\x80", "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"} {
		r := &Reader{B: []byte(bad)}
		if r.LEB(); r.Err == nil {
			t.Errorf("%x is a number", bad)
		}
	}
	r := &Reader{B: []byte("ab")}
	if r.Bytes(3); !errors.Is(r.Err, ErrShort) {
		t.Errorf("three of two bytes: %v", r.Err)
	}
}
