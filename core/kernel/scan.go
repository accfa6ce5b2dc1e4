package kernel

// Gate is the set of trigrams of symbols that make a value worth scoring: bit
// t&63 of word t>>6 for the trigram t = first<<12 | second<<6 | third.
type Gate [4096]uint64

// Has reports whether the trigram is in the gate.
func (g *Gate) Has(t uint32) bool { return g[(t>>6)&4095]>>(t&63)&1 != 0 }

// Set adds a trigram.
func (g *Gate) Set(t uint32) { g[(t>>6)&4095] |= 1 << (t & 63) }

const (
	// MaxHits is how many gate hits Scan records; where there are more, the
	// caller takes everything behind the last one as hit.
	MaxHits = 256
	// Reach is how far apart two hits may be that belong to one region: the
	// caller looks at 48 bytes before a hit and 64 behind it. A hit between two
	// others that are no further apart than that adds nothing to their region,
	// and is not recorded. So of three hits in a row the first and the last are
	// more than Reach apart, and 256 cover values of 14 KiB at least.
	Reach = 48 + 64
)

// Hits is the result of a Scan: the positions (index of the last byte) of gate
// trigrams, ascending. The union of [p-48, p+64] over Pos[:N] is the union over
// all gate trigrams, as long as N < MaxHits.
type Hits struct {
	N   int
	Pos [MaxHits]int32
}

// add records a hit.
func (h *Hits) add(i int) {
	n := h.N
	switch {
	case n >= 2 && i-int(h.Pos[n-2]) <= Reach:
		h.Pos[n-1] = int32(i)
	case n < MaxHits:
		h.Pos[n] = int32(i)
		h.N = n + 1
	}
}

// Scan classifies the bytes of v and records where it meets trigrams of the
// gate. Two edge symbols stand before the value. One pass, no allocation.
//
// This is the loop over every byte of every value. It takes four bytes at a
// time; most have no hit, and the four branches are bit tests that fall through.
func Scan(v []byte, g *Gate, h *Hits) Class {
	var acc uint32
	var last uint64 // the last two symbols
	h.N = 0
	i := 0
	for ; i+4 <= len(v); i += 4 {
		q := v[i : i+4 : i+4]
		a, b, c, d := Table[q[0]], Table[q[1]], Table[q[2]], Table[q[3]]
		acc |= a | b | c | d
		u := last<<24 | uint64(a&63)<<18 | uint64(b&63)<<12 | uint64(c&63)<<6 | uint64(d&63)
		last = u & 0xfff
		if g[u>>24&0xfff]>>(a&63)&1 != 0 || g[u>>18&0xfff]>>(b&63)&1 != 0 ||
			g[u>>12&0xfff]>>(c&63)&1 != 0 || g[u>>6&0xfff]>>(d&63)&1 != 0 {
			h.quad(u, i, g)
		}
	}
	t := uint32(last)
	for ; i < len(v); i++ {
		e := Table[v[i]]
		acc |= e
		t = (t<<6 | e&63) & 0x3ffff
		if g[t>>6]>>(t&63)&1 != 0 {
			h.add(i)
		}
	}
	return Class(acc &^ 63)
}

// Classes returns the byte classes of v alone.
func Classes(v []byte) Class {
	var acc uint32
	for i := 0; i < len(v); i++ {
		acc |= Table[v[i]]
	}
	return Class(acc &^ 63)
}

// quad records which of the four trigrams that end in u are hits; the first
// ends at byte i.
func (h *Hits) quad(u uint64, i int, g *Gate) {
	for k := 0; k < 4; k++ {
		t := uint32(u >> uint(18-6*k) & 0x3ffff)
		if g[t>>6]>>(t&63)&1 != 0 {
			h.add(i + k)
		}
	}
}
