package evade

import (
	"math/rand/v2"
	"strings"
)

// sizes are the lengths of the honest text, in bytes; each is drawn between the
// size and twice it, so that the attack falls on every side of every border at
// which long values are cut.
var sizes = []int{10, 100, 1_000, 10_000, 50_000}

// sides are the places of the honest text.
var sides = []string{"before", "after", "both"}

// Padding is honest text around an attack.
type Padding struct {
	// Bytes is the lower bound of the text's length, the upper one is twice it.
	Bytes int    `json:"bytes"`
	Side  string `json:"side"`
	// Trials is how many attacks were tried, Passed how many got through.
	Trials int `json:"trials"`
	Passed int `json:"passed"`
}

// Paddings lists every size and side, in the order of Outcome.Hidden.
func Paddings() []Padding {
	var list []Padding
	for _, size := range sizes {
		for _, side := range sides {
			list = append(list, Padding{Bytes: size, Side: side})
		}
	}
	return list
}

// Trial is the outcome of one Padding for one attack.
type Trial uint8

const (
	// Left means that there was no such trial: what is too long for a query would
	// go into a form, where thresholds are others.
	Left Trial = iota
	// Held means that the attack was blocked all the same.
	Held
	// Hid means that it got through.
	Hid
)

// pad tries every size and side on an attack, in the order of Paddings.
func pad(t *Target, a *Attack, seed uint64) []Trial {
	r := a.rand(seed, "padding")
	trials := make([]Trial, 0, len(sizes)*len(sides))
	for _, size := range sizes {
		before, after := prose(r, size+r.IntN(size)), prose(r, size+r.IntN(size))
		for _, v := range []string{before + " " + a.Value, a.Value + " " + after, before + " " + a.Value + " " + after} {
			switch {
			case len(v) > maxQuery && !a.Post:
				trials = append(trials, Left)
			case t.Blocks(v, a.Post):
				trials = append(trials, Held)
			default:
				trials = append(trials, Hid)
			}
		}
	}
	return trials
}

// Words of our own for honest text.
const vocabulary = `the a this every our their some that new old small good quiet early late blue warm open
	morning evening garden kitchen station market letter window table village harbor winter teacher neighbor
	story river bread lamp corner ticket weather music paper train island summer report price question answer
	opens brings finds keeps reads visits leaves paints repairs offers carries waits changes remembers follows
	in on near behind after before without because while and but or then often never always again today`

// prose writes n bytes of honest text, in sentences.
func prose(r *rand.Rand, n int) string {
	words := strings.Fields(vocabulary)
	var b strings.Builder
	for left := 0; b.Len() < n; left-- {
		w := words[r.IntN(len(words))]
		if left == 0 {
			left = 5 + r.IntN(12)
			w = strings.ToUpper(w[:1]) + w[1:]
			if b.Len() > 0 {
				b.WriteString(". ")
			}
		} else {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()[:n]
}
