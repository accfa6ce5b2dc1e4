package profile

import (
	"encoding/binary"
	"math/bits"
)

const (
	prime1 = 0x9E3779B97F4A7C15 // 2^64 / golden ratio
	prime2 = 0xC2B2AE3D27D4EB4F // xxHash's second prime (Collet)
)

// Hash is a 64-bit hash of b: multiply and fold, eight bytes a step. It is the
// same in every process and every version of the snapshot format. It is no
// secret and no defense: whoever can make a value collide with another could as
// well send that other value.
func Hash(b []byte) uint64 {
	h := uint64(len(b)) * prime1
	for len(b) >= 8 {
		h = fold(h^binary.LittleEndian.Uint64(b), prime2)
		b = b[8:]
	}
	tail := uint64(0)
	for i := 0; i < len(b); i++ {
		tail = tail<<8 | uint64(b[i])
	}
	return fold(h^tail, prime1)
}

// Mix hashes a pair: the parent's hash and the child's.
func Mix(a, b uint64) uint64 { return fold(a^prime1, b^prime2) }

func fold(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo ^ a>>29
}
