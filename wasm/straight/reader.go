package straight

import (
	"errors"
	"fmt"
)

// errShort says that a module ends too early.
var errShort = errors.New("the module ends amid something")

// reader reads a module; after an error it stays at its end.
type reader struct {
	b   []byte
	at  int
	err error
}

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
	r.at = len(r.b)
}

func (r *reader) byte() byte {
	if r.at >= len(r.b) {
		r.fail(errShort)
		return 0
	}
	r.at++
	return r.b[r.at-1]
}

// bytes returns the next n bytes in place.
func (r *reader) bytes(n uint64) []byte {
	if n > uint64(len(r.b)-r.at) {
		r.fail(errShort)
		return nil
	}
	r.at += int(n)
	return r.b[r.at-int(n) : r.at]
}

// leb reads an unsigned number (LEB128), or the bits of a signed one.
func (r *reader) leb() uint64 {
	var v uint64
	for shift := uint(0); shift < 70; shift += 7 {
		b := r.byte()
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
	r.fail(fmt.Errorf("a number of more than ten bytes at %d", r.at))
	return 0
}

// signed32 reads a signed number of 32 bits.
func (r *reader) signed32() int32 {
	start := r.at
	v := r.leb()
	if r.err != nil {
		return 0
	}
	if n := 7 * (r.at - start); n < 64 && v>>(n-1)&1 != 0 {
		v |= ^uint64(0) << n
	}
	return int32(v)
}

func appendLEB(b []byte, v uint64) []byte {
	for ; v >= 0x80; v >>= 7 {
		b = append(b, byte(v)|0x80)
	}
	return append(b, byte(v))
}
