package profile

import "testing"

// TestHash holds the hashes still: they are part of the snapshot format.
func TestHash(t *testing.T) {
	for _, c := range []struct {
		text string
		want uint64
	}{{"", 0x0}, {"a", 0xf412debb7be22c6c}, {"query.q", 0xe262ba7c297d47c8}, {"body.json.user.bio", 0xece1e64e3bc9ed1a}} {
		if got := Hash([]byte(c.text)); got != c.want {
			t.Errorf("%q hashes to %#x, not %#x", c.text, got, c.want)
		}
	}
}

// TestHashSpreads checks that neighbours do not collide, and that a pair is not
// its mirror image.
func TestHashSpreads(t *testing.T) {
	seen := map[uint64]int{}
	var b [3]byte
	for i := 0; i < 1<<16; i++ {
		b[0], b[1], b[2] = byte(i), byte(i>>8), byte(i>>3)
		h := Hash(b[:])
		if other, dup := seen[h]; dup {
			t.Fatalf("%d and %d collide", i, other)
		}
		seen[h] = i
	}
	if Mix(1, 2) == Mix(2, 1) {
		t.Error("a pair hashes as its mirror image")
	}
}
