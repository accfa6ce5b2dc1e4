package gen

import (
	"math/rand/v2"
	"strings"
)

// deepest is the number of nested rules from which on the first alternative is
// taken; longest stops lists and repetitions from growing, in bytes.
const (
	deepest = 24
	longest = 8 << 10
)

// expander writes one value at a time. It is not safe for concurrent use.
type expander struct {
	r     *rand.Rand
	vars  map[string]string
	out   *strings.Builder
	depth int
}

// expand returns one random word of the rule's language. Variables live as long
// as one call.
func (x *expander) expand(r *rule) string {
	x.vars = map[string]string{}
	x.depth = 0
	x.out = &strings.Builder{}
	x.rule(r)
	return x.out.String()
}

func (x *expander) rule(r *rule) {
	i := 0
	if x.depth++; x.depth < deepest {
		i = x.r.IntN(len(r.alts))
	}
	x.sequence(r.alts[i])
	x.depth--
}

func (x *expander) sequence(seq sequence) {
	for i := range seq {
		n := &seq[i]
		switch {
		case n.rule != nil:
			x.rule(n.rule)
		case n.call != nil:
			n.call(x, n)
		case n.alts != nil:
			x.sequence(n.alts[x.r.IntN(len(n.alts))])
		default:
			x.out.WriteString(n.text)
		}
	}
}

// text returns what seq expands to instead of writing it.
func (x *expander) text(seq sequence) string {
	saved := x.out
	x.out = &strings.Builder{}
	x.sequence(seq)
	s := x.out.String()
	x.out = saved
	return s
}

// between returns a number in [lo, hi].
func (x *expander) between(lo, hi int) int { return lo + x.r.IntN(hi-lo+1) }

// pick writes n random bytes of an alphabet.
func (x *expander) pick(alphabet string, n int) {
	for range n {
		x.out.WriteByte(alphabet[x.r.IntN(len(alphabet))])
	}
}
