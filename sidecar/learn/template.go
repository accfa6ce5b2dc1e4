package learn

import (
	"math/bits"
	"strings"
)

// When many words stand at one place of a path, the place is a variable.
const (
	// manyNames is how many seldom-seen words make a variable. A source counts
	// for at most fewEach of them, so that no stranger can invent one.
	manyNames = 64
	fewEach   = 4
	// manyWords is how many well-known words make one.
	manyWords = 200
)

// siblings are the endpoints that differ in one segment.
type siblings struct {
	method, template string
	entries          []*entry
}

// generalize replaces words by {name} where there are many. Words that a good
// part of the sources visit keep their endpoint. The result depends on the
// entries only, not on their order.
func (a *asset) generalize() {
	for a.generalizeOnce() {
	}
}

func (a *asset) generalizeOnce() bool {
	groups := make(map[string]*siblings)
	for _, t := range a.entries {
		if t.location != "" || t.template == "" {
			continue
		}
		segments := strings.Split(t.template[1:], "/")
		for i, s := range segments {
			if !wordlike(s) {
				continue
			}
			segments[i] = "{name}"
			template := "/" + strings.Join(segments, "/")
			segments[i] = s
			key := t.method + " " + template
			if groups[key] == nil {
				groups[key] = &siblings{method: t.method, template: template}
			}
			groups[key].entries = append(groups[key].entries, t)
		}
	}
	var first *siblings
	for _, g := range groups {
		if g.many() && (first == nil || before(g, first)) {
			first = g
		}
	}
	if first == nil {
		return false
	}
	return a.merge(first)
}

// before prefers the shorter template, then the one with the more siblings.
func before(a, b *siblings) bool {
	if n, m := strings.Count(a.template, "/"), strings.Count(b.template, "/"); n != m {
		return n < m
	}
	if len(a.entries) != len(b.entries) {
		return len(a.entries) > len(b.entries)
	}
	return a.method+a.template < b.method+b.template
}

// many reports whether the siblings are names rather than resources.
func (g *siblings) many() bool {
	var seen [256]int
	words, seldom := 0, 0
	for _, t := range g.entries {
		if t.admitted {
			words++
			continue
		}
		seldom++
		for i := range t.periods {
			for w, mask := range t.periods[i].voters {
				for mask != 0 {
					seen[w*64+bits.TrailingZeros64(mask)]++
					mask &= mask - 1
				}
			}
		}
	}
	names := 0
	for _, n := range seen {
		names += min(n, fewEach)
	}
	return seldom >= manyNames && names >= manyNames || words >= manyWords
}

// merge moves the siblings' evidence to their template. It reports whether
// anything moved.
func (a *asset) merge(g *siblings) bool {
	all, words := 0, 0
	for _, t := range g.entries {
		all = max(all, t.sources())
		if t.admitted {
			words++
		}
	}
	moved := make(map[string]bool)
	for _, t := range g.entries {
		if !t.admitted || t.sources() < max(10, all/4) || words >= manyWords {
			moved[t.template] = true
		}
	}
	if len(moved) == 0 {
		return false
	}
	var old []*entry
	for key, t := range a.entries {
		if t.method == g.method && moved[t.template] {
			old = append(old, t)
			delete(a.entries, key)
		}
	}
	for _, t := range old {
		it := item{g.method, g.template, t.location}
		key := keyOf(a.root, it)
		into := a.entries[key]
		if into == nil {
			into = &entry{item: it, key: key}
			a.entries[key] = into
		}
		into.absorb(t)
		into.admitted = into.admitted || t.admitted || t.location == ""
	}
	return true
}
