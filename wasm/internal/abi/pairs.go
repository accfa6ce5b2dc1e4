package abi

import (
	"encoding/binary"
	"errors"
	"unsafe"
)

// maxPairs is the largest number of headers that is believed.
const maxPairs = 1 << 16

// ErrMap is returned for a header map that contradicts itself.
var ErrMap = errors.New("malformed header map")

// Pairs reads a header map as the host serialises it: the number of pairs, for
// each pair the lengths of name and value (32-bit little-endian numbers), then
// all names and values, a NUL behind each. It reads in place.
type Pairs struct {
	block []byte
	n     int
	i     int // the next pair
	at    int // where its name begins
}

// Parse checks every length of a block, so that Next need not. No bytes at all
// are an empty map.
func Parse(block []byte) (Pairs, error) {
	if len(block) == 0 {
		return Pairs{}, nil
	}
	if len(block) < 4 {
		return Pairs{}, ErrMap
	}
	count := uint64(binary.LittleEndian.Uint32(block))
	need := 4 + 8*count
	if count > maxPairs || need > uint64(len(block)) {
		return Pairs{}, ErrMap
	}
	p := Pairs{block: block, n: int(count), at: int(need)}
	for i := 4; i < p.at; i += 4 {
		need += uint64(binary.LittleEndian.Uint32(block[i:])) + 1
	}
	if need > uint64(len(block)) {
		return Pairs{}, ErrMap
	}
	return p, nil
}

// Len is the number of pairs that are left.
func (p *Pairs) Len() int { return p.n - p.i }

// Next returns the next pair. The strings lie in the block.
func (p *Pairs) Next() (name, value string, ok bool) {
	if p.i >= p.n {
		return "", "", false
	}
	size := p.block[4+8*p.i:]
	nameLen := int(binary.LittleEndian.Uint32(size))
	valueLen := int(binary.LittleEndian.Uint32(size[4:]))
	p.i++
	name = Text(p.block[p.at : p.at+nameLen])
	p.at += nameLen + 1
	value = Text(p.block[p.at : p.at+valueLen])
	p.at += valueLen + 1
	return name, value, true
}

// AppendMap appends the names and values given in turn in the form that hosts
// read.
func AppendMap(dst []byte, pairs ...string) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(pairs)/2))
	for _, s := range pairs {
		dst = binary.LittleEndian.AppendUint32(dst, uint32(len(s)))
	}
	for _, s := range pairs {
		dst = append(dst, s...)
		dst = append(dst, 0)
	}
	return dst
}

// Text is b as a string without a copy: it changes when b does.
func Text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
