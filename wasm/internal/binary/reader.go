// Package binary reads and writes the pieces that WebAssembly modules are made
// of (WebAssembly 2.0, section 5), for the programs that rewrite modules of ours.
package binary

import (
	"errors"
	"fmt"
)

// ErrShort says that a module ends too early.
var ErrShort = errors.New("the module ends amid something")

// Reader reads a module or a part of one; after an error it stays at its end. Its
// fields may be looked at at any time. It is for one goroutine.
type Reader struct {
	B   []byte
	At  int
	Err error
}

// Fail notes the first error and ends reading.
func (r *Reader) Fail(err error) {
	if r.Err == nil {
		r.Err = err
	}
	r.At = len(r.B)
}

// Byte returns the next byte.
func (r *Reader) Byte() byte {
	if r.At >= len(r.B) {
		r.Fail(ErrShort)
		return 0
	}
	r.At++
	return r.B[r.At-1]
}

// Bytes returns the next n bytes in place.
func (r *Reader) Bytes(n uint64) []byte {
	if n > uint64(len(r.B)-r.At) {
		r.Fail(ErrShort)
		return nil
	}
	r.At += int(n)
	return r.B[r.At-int(n) : r.At]
}

// LEB reads an unsigned number (LEB128), or the bits of a signed one.
func (r *Reader) LEB() uint64 {
	var v uint64
	for shift := uint(0); shift < 70; shift += 7 {
		b := r.Byte()
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
	r.Fail(fmt.Errorf("a number of more than ten bytes at %d", r.At))
	return 0
}

// Signed32 reads a signed number of 32 bits.
func (r *Reader) Signed32() int32 {
	start := r.At
	v := r.LEB()
	if r.Err != nil {
		return 0
	}
	if n := 7 * (r.At - start); n < 64 && v>>(n-1)&1 != 0 {
		v |= ^uint64(0) << n
	}
	return int32(v)
}

// AppendLEB appends an unsigned number.
func AppendLEB(b []byte, v uint64) []byte {
	for ; v >= 0x80; v >>= 7 {
		b = append(b, byte(v)|0x80)
	}
	return append(b, byte(v))
}
