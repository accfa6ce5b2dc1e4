package walk

import (
	"strings"

	"github.com/glacis-waf/glacis/core/kernel"
)

// Skimmer proves, for values that consist of words and ordinary punctuation,
// that walking them would change nothing but a counter: none meets a gate
// trigram and none could be encoded. It exists for interpreters, where a loop
// over bytes costs two hundred times what it costs compiled and a call of the
// standard library costs the same: all its work per byte is done by such calls.
// Compiled code does without it.
//
// What it cannot prove is walked as ever, so that verdicts do not depend on it.
// It is safe for concurrent use.
type Skimmer struct {
	fold    *strings.Replacer // bytes to one byte a symbol
	trigram *strings.Replacer // gate trigrams to hit
	kinds   *strings.Replacer // letters, digits and the rest to A, a, 0 and blank
	// structure turns the structural characters of JSON into blanks, brackets
	// leaves nothing but brackets of what stands outside of strings.
	structure *strings.Replacer
	brackets  *strings.Replacer
	// parts folds a request target and puts edges between its parts; runs turns
	// letters and digits into a, labels all but = and &, of which pairs leaves
	// nothing else.
	parts, runs, labels, pairs *strings.Replacer
	// cases marks letters and what else random words have; see random.
	cases  *strings.Replacer
	recall *Recall

	// What a walker tries before it walks. The walker reaches them through these
	// fields only, so that a program that makes no Skimmer does not contain them,
	// nor what they need of the standard library: a WebAssembly guest pays for
	// each byte of code when it starts.
	target, path, form, body func(w *Walker, text []byte) bool
	value                    func(w *Walker, v []byte, depth int) bool
}

const (
	lowers = "abcdefghijklmnopqrstuvwxyz"
	uppers = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits = "0123456789"
	// marks are the punctuation that a skimmed value may have: what is left out
	// begins an escape, or is rare in honest values.
	marks = "'!()?@_-./,;:=*"
	// calm is the alphabet of skimmed values.
	calm = lowers + uppers + digits + marks + " \n\r\t"
	// edges stand between the values of a skimmed text: the two edge symbols
	// with which kernel.Scan begins.
	edges = "\x00\x00"
	// hit stands where a gate trigram was.
	hit = "\x01"
)

// NewSkimmer prepares for a gate. It takes a moment: an engine does it once.
func NewSkimmer(g *kernel.Gate) *Skimmer {
	s := &Skimmer{fold: folder(), trigram: trigrams(g), kinds: kinder(), structure: structure(), brackets: brackets()}
	s.parts = parameters()
	s.runs = letters(lowers + "0")
	s.labels = letters(soft + "+")
	s.pairs = remover(calm + "+%")
	s.cases = worder()
	s.recall = NewRecall()
	s.target = func(w *Walker, uri []byte) bool { return w.skimTarget(uri) }
	s.path = func(w *Walker, path []byte) bool { return w.skimPath(path) }
	s.form = func(w *Walker, query []byte) bool { return w.skimForm(query) }
	s.body = func(w *Walker, v []byte) bool { return w.skimBody(v) }
	s.value = func(w *Walker, v []byte, depth int) bool { return w.skimValue(v, depth) }
	return s
}

// folder maps each byte of the alphabet to one that stands for its symbol.
func folder() *strings.Replacer {
	var pairs []string
	for i := 0; i < len(uppers); i++ {
		pairs = append(pairs, uppers[i:i+1], lowers[i:i+1])
	}
	for i := 0; i < len(digits); i++ {
		pairs = append(pairs, digits[i:i+1], "0")
	}
	return strings.NewReplacer(append(pairs, "\t", " ", "\r", "\n")...)
}

// kinder maps letters and digits to their kind and all else to a blank.
func kinder() *strings.Replacer {
	var pairs []string
	for i := 0; i < len(uppers); i++ {
		pairs = append(pairs, uppers[i:i+1], "A", lowers[i:i+1], "a")
	}
	for i := 0; i < len(digits); i++ {
		pairs = append(pairs, digits[i:i+1], "0")
	}
	for i := 0; i < len(marks); i++ {
		pairs = append(pairs, marks[i:i+1], " ")
	}
	return strings.NewReplacer(append(pairs, "\n", " ", "\r", " ", "\t", " ", "\x00", " ")...)
}

func structure() *strings.Replacer {
	return strings.NewReplacer("{", " ", "}", " ", "[", " ", "]", " ", ",", " ", ":", " ")
}

// brackets removes what numbers, literals and separators consist of.
func brackets() *strings.Replacer { return remover(digits + "+-.eEtrufalsn,: \n\r\t") }

// remover removes the bytes of a set, but never = and &.
func remover(set string) *strings.Replacer {
	var pairs []string
	for i := 0; i < len(set); i++ {
		if set[i] != '=' {
			pairs = append(pairs, set[i:i+1], "")
		}
	}
	return strings.NewReplacer(pairs...)
}

// parameters undoes the plus signs of a target, folds it and parts it.
func parameters() *strings.Replacer {
	pairs := []string{"+", " ", "=", edges, "&", edges, "?", edges}
	for i := 0; i < len(digits); i++ {
		pairs = append(pairs, digits[i:i+1], "0")
	}
	return strings.NewReplacer(pairs...)
}

// letters turns the bytes of a set into a.
func letters(set string) *strings.Replacer {
	var pairs []string
	for i := 0; i < len(set); i++ {
		pairs = append(pairs, set[i:i+1], "a")
	}
	return strings.NewReplacer(pairs...)
}

// trigrams finds every gate trigram of folded text; edges are left where they
// are. A pair stands for all its trigrams where every byte of the alphabet
// makes it one.
func trigrams(g *kernel.Gate) *strings.Replacer {
	const symbols = "\x00" + lowers + "0" + marks + " \n"
	var keys []string
	for i := 0; i < len(symbols); i++ {
		a := kernel.Table[symbols[i]] & 63
		for j := 0; j < len(symbols); j++ {
			if i > 0 && j == 0 {
				continue // the end of a value: Scan has no such trigram
			}
			word := g[a<<6|kernel.Table[symbols[j]]&63]
			if word == 0 {
				continue
			}
			pair := symbols[i:i+1] + symbols[j:j+1]
			found := hit
			if i == 0 {
				found = symbols[:1] + hit
			}
			if i == 0 && j == 0 {
				found = edges + hit
			}
			mark := len(keys)
			for k := 1; k < len(symbols); k++ {
				if word>>(kernel.Table[symbols[k]]&63)&1 != 0 {
					keys = append(keys, pair+symbols[k:k+1], found)
				}
			}
			if i > 0 && (len(keys)-mark)/2 == len(symbols)-1 {
				keys = append(keys[:mark], pair, found)
			}
		}
	}
	return strings.NewReplacer(keys...)
}

// skim is a text under proof: what stands in any of its values.
type skim struct {
	upper, digit, list, colon, equal, line, mixed bool
}

// suspects returns the indexes of the values that are not proven to need no
// walk, in order; ok is false when nothing can be said about any.
func (s *Skimmer) suspects(values []string) (list []int, ok bool) {
	var out []int
	text := edges + strings.Join(values, edges)
	if strings.Count(text, "\x00") != 2*len(values) || strings.Contains(text, hit) {
		return out, len(values) == 0
	}
	folded := s.fold.Replace(text)
	gated := s.trigram.Replace(folded)
	if strings.Count(gated, edges) != len(values) {
		return out, false
	}
	k := skim{upper: strings.ToLower(text) != text, digit: strings.IndexByte(folded, '0') >= 0,
		list: strings.ContainsAny(folded, ",;"), colon: strings.IndexByte(folded, ':') >= 0,
		equal: strings.IndexByte(folded, '=') >= 0, line: strings.IndexByte(folded, '\n') >= 0}
	if k.list {
		k.mixed = mixed(s.kinds.Replace(text))
	}
	if len(text) > MaxValue || k.line || k.equal && strings.IndexByte(folded, '?') >= 0 ||
		k.digit && (strings.Contains(text, "0x") || strings.Contains(text, "0X") || strings.Contains(folded, "base00")) {
		return s.each(&k, values, strings.Split(gated, edges)), true
	}
	out = marked(out, gated, hit)
	out = s.strange(out, text)
	var looks []int
	if k.list && k.mixed {
		looks = marked(looks, text, ",;")
	}
	if k.upper || k.digit && strings.Contains(s.runs.Replace(folded), hexRun) {
		looks = s.random(looks, text)
	}
	for _, i := range looks {
		if len(values[i]) >= minOpaque && !s.quiet(&k, values[i]) {
			out = append(out, i)
		}
	}
	return unique(out), true
}

// each looks at all values one by one, with their hits behind the first.
func (s *Skimmer) each(k *skim, values, hits []string) []int {
	var out []int
	for i, v := range values {
		lower := strings.ToLower(v)
		if len(v) > MaxValue || strings.Contains(hits[i+1], hit) || strings.TrimLeft(v, calm) != "" ||
			strings.Contains(lower, "0x") || strings.Contains(lower, "base64") ||
			(len(v) >= minOpaque || k.equal || k.line) && !s.quiet(k, v) {
			out = append(out, i)
		}
	}
	return out
}

// mixed reports, of text that went through kinds, whether it may have a word
// that longWord finds. A word of one capital and eight letters or less is none.
func mixed(kinds string) bool {
	return strings.Contains(kinds, "aA") || strings.Contains(kinds, "a0") || strings.Contains(kinds, "0a") ||
		strings.Contains(kinds, "A0") || strings.Contains(kinds, "0A") || strings.Contains(kinds, "AAa") ||
		strings.Contains(kinds, "Aaaaaaaaaa")
}

// quiet reports whether no decoder has anything to do for a value without gate
// trigrams. It follows Walker.whole; PHP's serialisation needs bytes that are
// not in the alphabet.
func (s *Skimmer) quiet(k *skim, v string) bool {
	if k.equal && strings.IndexByte(v, '?') >= 0 && strings.IndexByte(v, '=') >= 0 {
		return false // a URL
	}
	if k.line && strings.ContainsAny(v, "\n\r") && (k.colon && strings.IndexByte(v, ':') >= 0 || strings.TrimLeft(v[:1], "(ci") == "") {
		return false // YAML or a text pickle
	}
	if k.list && strings.ContainsAny(v, ",;") {
		return !k.mixed || len(v) < 12 || len(v) > maxProse && strings.IndexByte(v, ' ') >= 0 ||
			strings.ContainsAny(v, "(*") || !mixed(s.kinds.Replace(v)) // else a list
	}
	if len(v) < minOpaque || !k.upper && !k.digit || strings.ContainsAny(v, " \t'()*!?@") {
		return true
	}
	return s.word(v)
}

// word does the same for a value without blanks, which may be a random one.
func (s *Skimmer) word(v string) bool {
	if strings.ToLower(v) != v && strings.ToUpper(v) != v {
		return false // base64 or a JWT, or neither: that takes a look
	}
	return len(v) < 16 || strings.ContainsAny(v, "/.-_=:") || !strings.ContainsAny(v, digits) || !hexHead([]byte(v))
}
