package walk

import (
	"regexp"
	"sort"
	"strings"
)

// What follows finds, in a text of many values between edges, those that need a
// look, without a look at the others: a step of the interpreter costs more than
// a hundred bytes of a search.

// marked appends the indexes of the values with a byte of set.
func marked(out []int, text, set string) []int {
	at := strings.IndexAny(text, set)
	for at >= 0 {
		out = append(out, strings.Count(text[:at], edges)-1)
		next := strings.Index(text[at:], edges)
		if next < 0 {
			return out
		}
		at += next
		next = strings.IndexAny(text[at:], set)
		if next < 0 {
			return out
		}
		at += next
	}
	return out
}

// strange appends the indexes of the values with a byte that is not calm.
func (s *Skimmer) strange(out []int, text string) []int {
	rest := strings.TrimLeft(text, calm+"\x00")
	for rest != "" {
		out = append(out, strings.Count(text[:len(text)-len(rest)], edges)-1)
		next := strings.Index(rest, edges)
		if next < 0 {
			return out
		}
		rest = strings.TrimLeft(rest[next:], calm+"\x00")
	}
	return out
}

// worder maps letters to their case and all else that quiet passes on to word to
// a digit.
func worder() *strings.Replacer {
	var pairs []string
	for i := 0; i < len(uppers); i++ {
		pairs = append(pairs, uppers[i:i+1], "A", lowers[i:i+1], "a")
	}
	const others = digits + "/.-_=:"
	for i := 0; i < len(others); i++ {
		pairs = append(pairs, others[i:i+1], "0")
	}
	return strings.NewReplacer(pairs...)
}

// randomWord is a value, through worder, for which word may be false: it has
// letters of both cases, of which two then stand side by side, or is long.
var randomWord = regexp.MustCompile("\x00(?:[aA0]*(?:a0*A|A0*a)[aA0]*|[aA0]{16,})\x00")

// random appends the indexes of the values that may be random words.
func (s *Skimmer) random(out []int, text string) []int {
	for _, at := range randomWord.FindAllStringIndex(s.cases.Replace(text)+edges, -1) {
		out = append(out, strings.Count(text[:at[0]+1], edges)-1)
	}
	return out
}

// unique sorts indexes and drops what is there twice.
func unique(list []int) []int {
	if len(list) < 2 {
		return list
	}
	sort.Ints(list)
	out := list[:1]
	for i := 1; i < len(list); i++ {
		if list[i] != list[i-1] {
			out = append(out, list[i])
		}
	}
	return out
}
