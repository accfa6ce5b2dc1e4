package learn

import (
	"cmp"
	"slices"

	"github.com/glacis-waf/glacis/core/profile"
)

// keepPeriods is how many periods of evidence an entry keeps: the latest in
// which it was seen.
const keepPeriods = 3

// admission is how many sources an endpoint or a parameter needs to be more
// than a candidate, within one period.
const admission = 3

// entry is the state of an endpoint or of a parameter.
type entry struct {
	item
	key      uint64
	admitted bool
	// periods are in descending order of their number.
	periods []period
}

// period is the evidence of one period.
type period struct {
	number int64
	evidence
}

// join adds the evidence of a period.
func (t *entry) join(number int64, e *evidence) {
	i, found := slices.BinarySearchFunc(t.periods, number, func(p period, n int64) int { return cmp.Compare(n, p.number) })
	if !found {
		if i == keepPeriods {
			return
		}
		t.periods = slices.Insert(t.periods, i, period{number: number})
		if len(t.periods) > keepPeriods {
			t.periods = t.periods[:keepPeriods]
		}
	}
	t.periods[i].evidence.join(e)
}

// absorb adds all evidence of another entry.
func (t *entry) absorb(o *entry) {
	for i := range o.periods {
		t.join(o.periods[i].number, &o.periods[i].evidence)
	}
}

// sources is the largest number of sources in one period.
func (t *entry) sources() int {
	n := 0
	for i := range t.periods {
		n = max(n, t.periods[i].voters.count())
	}
	return n
}

// last is the window in which it was seen last.
func (t *entry) last() int64 {
	n := int64(0)
	for i := range t.periods {
		n = max(n, t.periods[i].last)
	}
	return n
}

// bytes estimates the memory that the entry takes.
func (t *entry) bytes() int {
	n := 160 + len(t.method) + len(t.template) + len(t.location)
	for i := range t.periods {
		n += t.periods[i].bytes()
	}
	return n
}

// lesser orders entries by what matters: candidates before the admitted, few
// sources before many, long unseen before recent, then by key.
func lesser(a, b *entry) int {
	if a.admitted != b.admitted {
		if b.admitted {
			return -1
		}
		return 1
	}
	if c := cmp.Compare(a.sources(), b.sources()); c != 0 {
		return c
	}
	if c := cmp.Compare(a.last(), b.last()); c != 0 {
		return c
	}
	return cmp.Compare(a.key, b.key)
}

// keyOf returns the key of an item below an asset's root.
func keyOf(root uint64, it item) uint64 {
	node := profile.Endpoint(root, []byte(it.method), []byte(it.template))
	if it.location == "" {
		return node
	}
	return profile.KeyAt(root, node, []byte(it.location))
}
