package profile

import (
	"crypto/sha256"
	"encoding/binary"
)

// maxIdentity is how much of an identity counts.
const maxIdentity = 512

// Identity returns the keyed hash of what a client is told apart by beside its
// address, such as a session or an account: never 0, and another one in every
// period and for every deployment, like a vote. What comes first is hashed to a
// fixed length, so that the key in front is as good as HMAC.
func (s *Sources) Identity(name string, now int64) uint64 {
	if len(name) > maxIdentity {
		name = name[:maxIdentity]
	}
	var in [89]byte
	copy(in[:32], s.Key[:])
	if s.Period > 0 {
		binary.LittleEndian.PutUint64(in[32:], uint64(now/s.Period))
	}
	in[40] = 2 // no network has this kind: see vote
	sum := sha256.Sum256([]byte(name))
	copy(in[57:], sum[:])
	return digest(&in)
}
