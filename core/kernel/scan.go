package kernel

// Gate is the set of trigrams of symbols that make a value worth scoring: bit
// t&63 of word t>>6 for the trigram t = first<<12 | second<<6 | third.
type Gate [4096]uint64

// Has reports whether the trigram is in the gate.
func (g *Gate) Has(t uint32) bool { return g[(t>>6)&4095]>>(t&63)&1 != 0 }

// Set adds a trigram.
func (g *Gate) Set(t uint32) { g[(t>>6)&4095] |= 1 << (t & 63) }

// MaxHits is how many gate hits Scan records; where there are more, the caller
// takes everything behind the last one as hit.
const MaxHits = 256

// Hits is the result of a Scan: the positions (index of the last byte) of gate
// trigrams, leftmost first, not overlapping.
type Hits struct {
	N   int
	Pos [MaxHits]int32
}

// Scan classifies the bytes of v and records where it meets trigrams of the
// gate. Two edge symbols stand before the value. One pass, no allocation.
func Scan(v []byte, g *Gate, h *Hits) Class {
	var acc, t uint32
	n := 0
	for i := 0; i < len(v); i++ {
		e := Table[v[i]]
		acc |= e
		t = (t<<6 | e&63) & 0x3ffff
		if g[t>>6]>>(t&63)&1 != 0 {
			if n < MaxHits {
				h.Pos[n] = int32(i)
				n++
			}
		}
	}
	h.N = n
	return Class(acc &^ 63)
}
