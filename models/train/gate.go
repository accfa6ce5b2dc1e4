package train

import (
	"sort"
	"strings"

	"github.com/glacis-waf/glacis/core/kernel"
)

// GateOptions says how selective the gate is to be.
type GateOptions struct {
	// Rare is the share of benign requests below which a trigram with
	// punctuation counts as unusual: such trigrams are in the gate whatever they
	// mean.
	Rare float64
	// Cover is how many trigrams of every attack value have to be in the gate.
	Cover int
	// Common is the share of benign requests above which a trigram is not chosen
	// to cover an attack.
	Common float64
	// Sources is in how many attack sources a trigram must occur before it may
	// be chosen to cover an attack.
	Sources int
	// Bare is the share of benign requests that may have a trigram for each
	// attack that it lets in and that has no other in the gate. Zero leaves such
	// attacks outside.
	Bare float64
}

// DefaultGate is what the shipped models use.
var DefaultGate = GateOptions{Rare: 0.00005, Cover: 3, Common: 0.00125, Sources: 2, Bare: 0.0005}

const trigrams = 1 << 18

// gateAlways are trigrams that open the gate however common they are: those of
// numeric hosts of a URL and of localhost. Recorded calls of programs that
// people develop are full of them, browsers' requests to sites are not.
var gateAlways = []string{"//0", "//[", "alh"}

// prose reports whether a trigram is made of letters, digits, blanks and the
// marks of sentences only: a rare one is a rare word, not a suspicion.
func prose(t uint32) bool { return plain(t&63) && plain(t>>6&63) && plain(t>>12&63) }

func plain(sym uint32) bool {
	return sym <= kernel.SymHigh || strings.IndexByte("!,-.?", kernel.Letter(uint8(sym))) >= 0
}

// apart reports whether a trigram of prose spans two words: it says next to
// nothing, however rare it is.
func apart(t uint32) bool {
	blank := false
	for s := uint(0); s <= 12; s += 6 {
		sym := t >> s & 63
		blank = blank || sym == kernel.SymBlank || sym == kernel.SymLine
	}
	return blank && prose(t)
}

// each calls visit for every distinct trigram of v, edges in front included,
// exactly as kernel.Scan sees them. mark is work space of size trigrams.
func each(v string, mark []int32, stamp int32, visit func(t uint32)) {
	t := uint32(0)
	for i := 0; i < len(v); i++ {
		t = (t<<6 | kernel.Table[v[i]]&63) & (trigrams - 1)
		if mark[t] != stamp {
			mark[t] = stamp
			visit(t)
		}
	}
}

// letters reports whether a trigram is made of letters alone. As part of a word
// it comes with whatever else is written, so no bare attack is let in by it.
func letters(t uint32) bool {
	for s := uint(0); s <= 12; s += 6 {
		if sym := t >> s & 63; sym < 1 || sym > 26 {
			return false
		}
	}
	return true
}

// LearnGate chooses the trigrams without which a value is taken as clean:
// those that honest traffic hardly has, and for every attack the Cover rarest
// of its own that several sources share. Attacks that have none of these are let
// in by what most of them have. mask selects the training folds.
func LearnGate(set *Set, in []Instance, mask uint32, opt GateOptions) *kernel.Gate {
	uses := make([]int32, len(set.Values))
	requests := 0
	for i := range set.Examples {
		x := &set.Examples[i]
		if x.Attack || x.generated() || DualUse(x.File) {
			continue
		}
		requests++
		for _, u := range x.Uses {
			uses[u.Value]++
		}
	}
	cost := make([]float64, trigrams)
	mark := make([]int32, trigrams)
	stamp := int32(0)
	for i := range in {
		x := &in[i]
		if x.Attack || !x.usable(mask) {
			continue
		}
		stamp++
		n := float64(uses[x.Value])
		each(set.Values[x.Value].Text, mark, stamp, func(t uint32) { cost[t] += n })
	}
	sources := make([]int32, trigrams)
	last := make([]string, trigrams)
	for i := range in {
		x := &in[i]
		if !x.Attack || !x.usable(mask) {
			continue
		}
		stamp++
		each(set.Values[x.Value].Text, mark, stamp, func(t uint32) {
			if last[t] != x.File {
				last[t] = x.File
				sources[t]++
			}
		})
	}
	g := new(kernel.Gate)
	rare, common := opt.Rare*float64(requests), opt.Common*float64(requests)
	for t := 0; t < trigrams; t++ {
		if cost[t] < rare && !prose(uint32(t)) {
			g.Set(uint32(t))
		}
	}
	for _, s := range gateAlways {
		g.Set(kernel.Table[s[0]]&63<<12 | kernel.Table[s[1]]&63<<6 | kernel.Table[s[2]]&63)
	}
	var pick []uint32
	var outside []bare
	for i := range in {
		x := &in[i]
		if !x.Attack || !x.usable(mask) {
			continue
		}
		stamp++
		pick = pick[:0]
		have := 0
		each(set.Values[x.Value].Text, mark, stamp, func(t uint32) {
			if t>>12 == kernel.SymEdge {
				return // whoever sends a value can put something in front
			}
			if g.Has(t) {
				have++
			} else if int(sources[t]) >= opt.Sources && !apart(t) {
				pick = append(pick, t)
			}
		})
		if have >= opt.Cover {
			continue
		}
		sort.Slice(pick, func(a, b int) bool {
			if cost[pick[a]] != cost[pick[b]] {
				return cost[pick[a]] < cost[pick[b]]
			}
			return pick[a] < pick[b]
		})
		for k := 0; k < len(pick) && have < opt.Cover && cost[pick[k]] < common; k++ {
			g.Set(pick[k])
			have++
		}
		if have == 0 {
			stamp++
			outside = append(outside, newBare(x, set.Values[x.Value].Text, mark, stamp,
				func(t uint32) bool { return int(sources[t]) >= opt.Sources && !letters(t) }))
		}
	}
	cover(g, outside, cost, opt.Bare*float64(requests))
	return g
}

// GateRate returns the share of benign uses and of their bytes that lie in a
// value with a hit.
func GateRate(set *Set, g *kernel.Gate) (values, bytes float64) {
	var n, hit, size, near float64
	var h kernel.Hits
	pass := make([]int8, len(set.Values))
	for i := range set.Examples {
		x := &set.Examples[i]
		if x.Attack || x.generated() {
			continue
		}
		for _, u := range x.Uses {
			if pass[u.Value] == 0 {
				pass[u.Value] = 1
				kernel.Scan([]byte(set.Values[u.Value].Text), g, &h)
				if h.N > 0 {
					pass[u.Value] = 2
				}
			}
			l := float64(len(set.Values[u.Value].Text))
			n++
			size += l
			if pass[u.Value] == 2 {
				hit++
				near += l
			}
		}
	}
	return hit / n, near / size
}
