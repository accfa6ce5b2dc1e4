package walk

import (
	"net/url"
	"strings"
)

// soft is the alphabet of text for which few questions are left: no capitals, so
// no base64; no lists, pairs or lines.
const soft = lowers + digits + "'!()?@_-./* "

const (
	// long is a run of letters and digits that longWord may find, hexRun one
	// that may be hexadecimal.
	long   = "aaaaaaaaaa"
	hexRun = long + "aaaaaa"
)

// skimTarget proves a whole request target of the ordinary kind with a dozen
// calls: a path, parameters with different names, all in small letters and plain
// punctuation. It is skimPath and skimForm for what is asked most.
func (w *Walker) skimTarget(uri []byte) bool {
	text := string(uri)
	if len(text) < 2 || len(text) > MaxValue || text[0] != '/' || text[1] == '/' || strings.IndexByte(text, '#') >= 0 {
		return false
	}
	path, query, _ := strings.Cut(text, "?")
	values, decoded := 1, 0
	folded := edges + w.skim.params.Replace(path)
	if strings.TrimLeft(path, soft) != "" || len(path) == 1 {
		return false
	}
	if query != "" {
		if strings.TrimLeft(query, soft+"=&+") != "" || strings.IndexByte(query, '?') >= 0 {
			return false
		}
		ok := false
		values, decoded, ok = w.skim.distinct(query)
		if !ok {
			return false
		}
		values++
		folded += edges + w.skim.params.Replace(query)
	}
	if strings.Contains(folded, "0") {
		runs := w.skim.runs.Replace(folded)
		if strings.Contains(folded, "0x") || strings.Contains(runs, hexRun) || strings.Contains(runs[:len(path)+2], long) {
			return false
		}
	}
	if w.values+values > w.limits.Values || w.decoded+2*len(text) > w.limits.DecodedRatio*w.input+w.limits.DecodedSlack ||
		strings.Contains(w.skim.trigram.Replace(folded), hit) {
		return false
	}
	w.values += values
	w.decoded += decoded
	return true
}

// distinct counts the values of a query all of whose parameters have one equals
// sign, a name of ordinary length and names that differ, and the bytes of those
// in which plus signs stand for blanks.
func (s *Skimmer) distinct(query string) (int, int, bool) {
	n := strings.Count(query, "&") + 1
	if s.pairs.Replace(query)+"&" != strings.Repeat("=&", n) || query[0] == '=' || strings.Contains(query, "&=") {
		return 0, 0, false
	}
	fields, err := url.ParseQuery(query)
	if err != nil || len(fields) != n || len(query) > maxLabel && s.labels(fields) {
		return 0, 0, false
	}
	values := 2*n - strings.Count(query, "=&")
	if query[len(query)-1] == '=' {
		values--
	}
	decoded := 0
	rest := query
	plus := strings.IndexByte(rest, '+')
	for plus >= 0 {
		start := strings.LastIndexByte(rest[:plus], '=')
		if start < strings.LastIndexByte(rest[:plus], '&') {
			return 0, 0, false // in a name
		}
		end := strings.IndexByte(rest[plus:], '&')
		if end < 0 {
			return values, decoded + len(rest) - start - 1, true
		}
		decoded += plus + end - start - 1
		rest = rest[plus+end:]
		plus = strings.IndexByte(rest, '+')
	}
	return values, decoded, true
}

// labels reports whether a name is as long as what decode.Form keeps of it.
func (s *Skimmer) labels(fields url.Values) bool {
	for name := range fields {
		if len(name) >= maxLabel {
			return true
		}
	}
	return false
}
