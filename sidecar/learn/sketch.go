package learn

import (
	"math"
	"math/bits"
)

// The sketches below join by OR or maximum, so joining is commutative,
// associative and idempotent, and the same set gives the same bytes.

// voters is a set of sources: a bit map of 256 (linear counting, Whang et al.
// 1990). Its count is exact for a handful, two off at 60, and stays below 1420
// whatever is added.
type voters [4]uint64

func (v *voters) add(source uint64) {
	h := source >> 8 & 255
	v[h>>6] |= 1 << (h & 63)
}

func (v *voters) join(o *voters) {
	for i := range v {
		v[i] |= o[i]
	}
}

// count estimates the number of sources.
func (v *voters) count() int {
	n := 0
	for _, w := range v {
		n += bits.OnesCount64(w)
	}
	return linear(n, 256)
}

// linear is the linear-counting estimate for n set bits of m.
func linear(n, m int) int {
	if n >= m {
		n = m - 1
	}
	return int(math.Round(-float64(m) * math.Log1p(-float64(n)/float64(m))))
}

// ballot is a smaller set of sources, for one feature of a parameter: a bit map
// of 32. It saturates at 110 voters.
type ballot uint32

func (b *ballot) add(source uint64) { *b |= 1 << (source >> 16 & 31) }

func (b ballot) count() int { return linear(bits.OnesCount32(uint32(b)), 32) }

// distinct estimates how many different things were added: HyperLogLog
// (Flajolet et al. 2007) with 64 registers, standard error 13 %, and linear
// counting below 160.
type distinct [64]uint8

func (d *distinct) add(hash uint64) {
	i := hash >> 58
	if r := uint8(bits.LeadingZeros64(hash<<6|1<<5) + 1); r > d[i] {
		d[i] = r
	}
}

func (d *distinct) join(o *distinct) {
	for i := range d {
		d[i] = max(d[i], o[i])
	}
}

func (d *distinct) count() int {
	sum, zero := 0.0, 0
	for _, r := range d {
		sum += math.Ldexp(1, -int(r))
		if r == 0 {
			zero++
		}
	}
	estimate := 0.709 * 64 * 64 / sum
	if estimate <= 160 && zero > 0 {
		return linear(64-zero, 64)
	}
	return int(math.Round(estimate))
}

// spans is a set of windows: bit w%64. Windows 64 apart look like one, so the
// count errs on the side of caution.
type spans uint64

func (s *spans) add(window int64) { *s |= 1 << (uint64(window) & 63) }

func (s spans) count() int { return bits.OnesCount64(uint64(s)) }

// sampled is the smallest n of a set of 64-bit hashes, ascending: a sample
// whose join is exact (bottom-k, Cohen and Kaplan 2007).
type sampled []uint64

// insert adds h and keeps the smallest n.
func (s sampled) insert(h uint64, n int) sampled {
	low, high := 0, len(s)
	for low < high {
		mid := (low + high) / 2
		if s[mid] < h {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low < len(s) && s[low] == h || low == n {
		return s
	}
	s = append(s, 0)
	copy(s[low+1:], s[low:])
	s[low] = h
	if len(s) > n {
		s = s[:n]
	}
	return s
}

// mix spreads a hash under a salt (the finalizer of SplitMix64, Steele 2014).
func mix(h, salt uint64) uint64 {
	h += salt*0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019
	h = (h ^ h>>30) * 0xBF58476D1CE4E5B9
	h = (h ^ h>>27) * 0x94D049BB133111EB
	return h ^ h>>31
}
