package walk

import (
	"strings"

	"github.com/glacis-waf/glacis/core/kernel"
)

// Skimmer proves, for text that consists of words and ordinary punctuation, that
// walking it would change nothing but two counters: no value in it meets a gate
// trigram and none could be encoded. It exists for interpreters, where a loop
// over bytes costs two hundred times what it costs compiled and a call of the
// standard library costs the same: all its work per byte is done by such calls.
// Compiled code does without it.
//
// What it cannot prove is walked as ever, so that verdicts do not depend on it.
// It is immutable and safe for concurrent use.
type Skimmer struct {
	fold    *strings.Replacer // bytes to one byte a symbol
	trigram *strings.Replacer // gate trigrams to nothing
	kinds   *strings.Replacer // letters, digits and the rest to A, a, 0 and blank
	// structure turns the structural characters of JSON into blanks, brackets
	// leaves nothing but brackets of what stands outside of strings.
	structure *strings.Replacer
	brackets  *strings.Replacer
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
	// dense is how many of the trigrams that begin with a pair have to be in
	// the gate for the pair to stand for all of them.
	dense = 34
)

// NewSkimmer prepares for a gate. It takes a moment: an engine does it once.
func NewSkimmer(g *kernel.Gate) *Skimmer {
	return &Skimmer{fold: folder(), trigram: trigrams(g), kinds: kinder(), structure: structure(), brackets: brackets()}
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
func brackets() *strings.Replacer {
	const others = digits + "+-.eEtrufalsn,: \n\r\t"
	var pairs []string
	for i := 0; i < len(others); i++ {
		pairs = append(pairs, others[i:i+1], "")
	}
	return strings.NewReplacer(pairs...)
}

// trigrams removes every gate trigram of folded text, and some more: a pair
// stands for all its trigrams where most are in the gate.
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
			mark := len(keys)
			for k := 1; k < len(symbols); k++ {
				if word>>(kernel.Table[symbols[k]]&63)&1 != 0 {
					keys = append(keys, pair+symbols[k:k+1], "")
				}
			}
			if (len(keys)-mark)/2 >= dense && j > 0 {
				keys = append(keys[:mark], pair, "")
			}
		}
	}
	return strings.NewReplacer(keys...)
}

// skim is a text under proof: what stands in any of its values.
type skim struct {
	upper, digit, list, colon, equal, line, mixed bool
}

// proves reports whether no value in the list needs a walk: each consists of
// the alphabet, none has a gate trigram and no decoder has anything to do.
func (s *Skimmer) proves(values []string) bool {
	text := edges + strings.Join(values, edges)
	if strings.TrimLeft(text, calm+"\x00") != "" || strings.Count(text, "\x00") != 2*len(values) {
		return false
	}
	folded := s.fold.Replace(text)
	if len(s.trigram.Replace(folded)) != len(folded) {
		return false
	}
	if strings.Contains(text, "0x") || strings.Contains(text, "0X") || strings.Contains(folded, "base00") {
		return false // chained literals, a data URL
	}
	k := skim{upper: strings.ToLower(text) != text, digit: strings.IndexByte(folded, '0') >= 0,
		list: strings.ContainsAny(folded, ",;"), colon: strings.IndexByte(folded, ':') >= 0,
		equal: strings.IndexByte(folded, '=') >= 0, line: strings.IndexByte(folded, '\n') >= 0}
	if k.list {
		k.mixed = mixed(s.kinds.Replace(text))
	}
	if !k.upper && !k.digit && !k.list && !k.equal && !k.line {
		return s.short(values)
	}
	for _, v := range values {
		if len(v) > MaxValue || (len(v) >= minOpaque || k.equal || k.line) && !s.quiet(&k, v) {
			return false
		}
	}
	return true
}

// short reports whether all values fit a Sink.
func (s *Skimmer) short(values []string) bool {
	for _, v := range values {
		if len(v) > MaxValue {
			return false
		}
	}
	return true
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
		if k.mixed && len(v) >= 12 && len(v) <= maxProse && strings.IndexByte(v, '(') < 0 && mixed(s.kinds.Replace(v)) {
			return false // a list
		}
		return true
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
