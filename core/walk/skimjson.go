package walk

import (
	"encoding/json"
	"strings"

	"github.com/glacis-waf/glacis/core/decode"
)

// skimJSON proves a whole JSON document: one that encoding/json takes, without
// escapes, so that the cursor finds in it what stands between quotes and what
// stands between the structural characters. What it cannot prove is judged on
// trial. See run.
func (w *Walker) skimJSON(document []byte) bool {
	if w.body.flags != 0 {
		return false
	}
	values, list, ok := w.skim.documented(document)
	if !ok || w.values+len(values) > w.limits.Values {
		return false
	}
	before := w.counted()
	w.values += len(values) - len(list)
	top := 0
	for _, i := range list {
		v := []byte(values[i])
		score, ok := w.Probe(uint8(Body), 0, values[i], func() { w.value(v, 0, 0) })
		if !ok {
			w.recount(before)
			return false
		}
		if score > top {
			top = score
		}
	}
	w.prober.Raise(top)
	return true
}

// Document proves a JSON document that has nothing but values that are clean or
// were so before, and returns what became of it. It has to begin as nothing but
// JSON does.
func (s *Skimmer) Document(document []byte) (Outcome, bool) {
	var o Outcome
	if len(document) < 3 {
		return o, false
	}
	start := string(document[:3])
	if start[:2] != "{\"" && start != "[{\"" {
		return o, false
	}
	values, list, ok := s.documented(document)
	if !ok {
		return o, false
	}
	o.Values = len(values) - len(list)
	for _, i := range list {
		known, found := s.recall.Find(uint8(Body), values[i])
		if !found || known.Score < 0 {
			return o, false
		}
		o.Values += known.Values
		o.Decoded += known.Decoded
		if known.Score > o.Score {
			o.Score = known.Score
		}
	}
	return o, true
}

// documented takes a JSON document apart; see skimJSON. It returns the values
// and the indexes of those that are not proven.
func (s *Skimmer) documented(document []byte) ([]string, []int, bool) {
	text := string(document)
	if len(text) > skimmable || strings.IndexByte(text, '\\') >= 0 || !json.Valid(document) {
		return nil, nil, false
	}
	start := strings.TrimLeft(text, " \n\r\t")
	if start[0] != '{' && start[0] != '[' {
		return nil, nil, false
	}
	pieces := strings.Split(text, "\"")
	values := every(pieces, 1)
	if strings.ContainsAny(strings.Join(values, ""), "$[") {
		return nil, nil, false // perhaps a key to be paired with its value
	}
	if strings.Contains(text, "\"\"") {
		values = filled(values)
	}
	rest := strings.Join(every(pieces, 0), " ")
	if !s.shallow(rest) {
		return nil, nil, false
	}
	values = append(values, strings.Fields(s.structure.Replace(rest))...)
	list, ok := s.suspects(values)
	return values, list, ok
}

// every returns every second piece from the i-th on. The loop is all that an
// interpreter spends on most pieces.
func every(pieces []string, i int) []string {
	out := make([]string, 0, len(pieces))
	for i < len(pieces) {
		out = append(out, pieces[i])
		i += 2
	}
	return out
}

// filled returns the texts that are not empty.
func filled(texts []string) []string {
	out := make([]string, 0, len(texts))
	for _, s := range texts {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// shallow reports whether brackets stand in each other no deeper than the
// cursor tracks.
func (s *Skimmer) shallow(text string) bool {
	if strings.Count(text, "{")+strings.Count(text, "[") <= decode.MaxDepth {
		return true
	}
	b := s.brackets.Replace(text)
	for depth := 0; depth < decode.MaxDepth && b != ""; depth++ {
		b = strings.ReplaceAll(strings.ReplaceAll(b, "{}", ""), "[]", "")
	}
	return b == ""
}
