package benchset

import "strings"

// part is a piece of a body that is made rather than stored, so that the sample
// in the repository stays small.
type part struct {
	// Text is written Times times (0 means once).
	Text  string
	Times int
	// Noise is a number of bytes that look random, as in a compressed image.
	Noise int
}

func (p part) appendTo(body []byte) []byte {
	body = append(body, strings.Repeat(p.Text, max(p.Times, 1))...)
	// xorshift64 (Marsaglia 2003): the same bytes on every machine.
	x := uint64(88172645463325252)
	for i := 0; i < p.Noise; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		body = append(body, byte(x>>32))
	}
	return body
}
