// Package augment rewrites values: attacks into other attacks with the same
// effect, honest text into honest text with an attack's vocabulary.
//
// A mutation states which families it serves and why the effect stays. It
// returns its input when its precondition does not hold, so that mutations may be
// applied in any order and number. "Same effect" is meant for a target that the
// original works against: where dialects differ the documentation of the mutation
// names the ones it is for.
//
// Everything is a function of the random source: same source, same output. The
// package keeps no state and is safe for concurrent use as long as each caller
// has its own source.
package augment

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// Class says at which layer a mutation works.
type Class uint8

const (
	// Syntax is another spelling in the attacked language: case, comments, white
	// space, concatenation, other notations.
	Syntax Class = iota
	// Encoding is a layer that something in front of the target undoes.
	Encoding
	// Padding is honest text before or after.
	Padding
	// Wrapper embeds the value in something that is taken apart again: a nested
	// query string, a JSON document.
	Wrapper
)

// Mutation is one way of rewriting an attack.
type Mutation struct {
	// Name identifies it, "sql.case".
	Name string
	// Why says why the effect stays and for which targets.
	Why string
	// Class is the layer.
	Class Class
	// Families lists whom it serves; nil means every family.
	Families []string
	// Apply rewrites a value, or returns it unchanged. Its output is at most
	// twelve times as long as its input plus 300 bytes.
	Apply func(r *rand.Rand, value string) string
}

// Serves reports whether the mutation keeps the meaning of that family's
// attacks.
func (m *Mutation) Serves(family string) bool {
	return m.Families == nil || slices.Contains(m.Families, family)
}

// Mutations returns those that serve a family, in a fixed order.
func Mutations(family string) []Mutation {
	var out []Mutation
	for _, m := range all {
		if m.Serves(family) {
			out = append(out, m)
		}
	}
	return out
}

var all = slices.Concat(sqlMutations, htmlMutations, shellMutations, addressMutations, pathMutations,
	codeMutations, documentMutations, lineMutations, encodings, paddings, wrappers)

// Attack returns the value after one to four mutations that suit its family:
// mostly syntax, now and then one encoding, padding or wrapper. Now and then it
// returns the value as it is.
func Attack(r *rand.Rand, value, family string) string {
	set := Mutations(family)
	for range 1 + r.IntN(3) {
		value = pick(r, set, Syntax, value)
	}
	if r.IntN(4) == 0 {
		value = pick(r, set, Padding, value)
	}
	if r.IntN(4) == 0 {
		value = pick(r, set, Encoding, value)
	}
	if r.IntN(10) == 0 {
		value = pick(r, set, Wrapper, value)
	}
	return value
}

func pick(r *rand.Rand, set []Mutation, c Class, value string) string {
	var of []Mutation
	for _, m := range set {
		if m.Class == c {
			of = append(of, m)
		}
	}
	if len(of) == 0 {
		return value
	}
	return of[r.IntN(len(of))].Apply(r, value)
}

func one(r *rand.Rand, s ...string) string { return s[r.IntN(len(s))] }

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func wordByte(c byte) bool { return letter(c) || c >= '0' && c <= '9' || c == '_' }

// words calls f for every run of word bytes and puts its answer in the run's
// place; f sees the text on both sides.
func words(s string, f func(before, word, after string) string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if !wordByte(s[i]) {
			b.WriteByte(s[i])
			i++
			continue
		}
		j := i
		for j < len(s) && wordByte(s[j]) {
			j++
		}
		b.WriteString(f(s[:i], s[i:j], s[j:]))
		i = j
	}
	return b.String()
}

func last(s string) byte {
	if s == "" {
		return 0
	}
	return s[len(s)-1]
}

func first(s string) byte {
	if s == "" {
		return 0
	}
	return s[0]
}

// flip changes the case of about half of a word's letters.
func flip(r *rand.Rand, w string) string {
	b := []byte(w)
	for i, c := range b {
		if letter(c) && r.IntN(2) == 0 {
			b[i] ^= 0x20
		}
	}
	return string(b)
}

// someOf replaces each occurrence of old with probability one half, at least one
// of them.
func someOf(r *rand.Rand, s, old string, f func() string) string {
	n := strings.Count(s, old)
	if n == 0 || old == "" {
		return s
	}
	must := r.IntN(n)
	var b strings.Builder
	for i := 0; ; i++ {
		before, after, ok := strings.Cut(s, old)
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		if i == must || r.IntN(2) == 0 {
			b.WriteString(f())
		} else {
			b.WriteString(old)
		}
		s = after
	}
}
