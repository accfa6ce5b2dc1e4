package walk

import (
	"net/url"
	"strings"
)

const (
	// soft is the alphabet of text for which few questions are left: no capitals,
	// so no base64; no lists, pairs or lines.
	soft = lowers + digits + "'!()?@_-./* "
	// asked is the alphabet of whole request targets.
	asked = soft + "=&+"
)

const (
	// long is a run of letters and digits that longWord may find, hexRun one
	// that may be hexadecimal.
	long   = "aaaaaaaaaa"
	hexRun = long + "aaaaaa"
	// label is a run as long as what decode.Form keeps of a name.
	label = hexRun + hexRun + hexRun + hexRun
	// maxTarget is how long a target or form may be: the walker undoes the plus
	// signs of any of its values in one piece.
	maxTarget = 12 << 10
)

// Target proves a whole request target of the ordinary kind with a dozen calls:
// a path, parameters with different names, all in small letters and plain
// punctuation. It returns the query and the score, which is that of the path if
// that was near the gate when it came before. It is skimPath and skimForm for
// what is asked most.
func (s *Skimmer) Target(text string) (string, int, bool) {
	if len(text) < 2 || len(text) > maxTarget || text[0] != '/' || text[1] == '/' || strings.TrimLeft(text, asked) != "" {
		return "", 0, false
	}
	path, query, _ := strings.Cut(text, "?")
	if len(path) == 1 {
		return "", 0, false
	}
	if query != "" && !s.distinct(query) || strings.ContainsAny(path, "=&+") {
		return "", 0, false
	}
	folded := edges + s.parts.Replace(text)
	if strings.IndexByte(folded, '0') >= 0 {
		runs := s.runs.Replace(folded)
		if strings.Contains(folded, "0x") || strings.Contains(runs, hexRun) || strings.Contains(runs[:len(path)+2], long) {
			return "", 0, false
		}
	}
	if !strings.Contains(s.trigram.Replace(folded), hit) {
		return query, 0, true
	}
	known, ok := s.recall.Find(pathKind, path)
	if !ok || known.Values != 1 || known.Decoded != 0 || known.Score < 0 ||
		query != "" && strings.Contains(s.trigram.Replace(folded[len(path)+len(edges):]), hit) {
		return "", 0, false
	}
	return query, known.Score, true
}

// Form proves a form body of the ordinary kind, as Target a query, and returns a
// bound of its values.
func (s *Skimmer) Form(text string) (int, bool) {
	if len(text) > maxTarget || strings.TrimLeft(text, asked) != "" || text[0] < 'a' || !s.distinct(text) {
		return 0, false
	}
	folded := edges + s.parts.Replace(text)
	if strings.IndexByte(folded, '0') >= 0 && (strings.Contains(folded, "0x") || strings.Contains(s.runs.Replace(folded), hexRun)) {
		return 0, false
	}
	return 2 * strings.Count(text, "="), !strings.Contains(s.trigram.Replace(folded), hit)
}

// distinct reports whether all parameters of a query have one equals sign, a
// name of ordinary length, no question mark, and names that differ.
func (s *Skimmer) distinct(query string) bool {
	n := strings.Count(query, "&") + 1
	if s.pairs.Replace(query)+"&" != strings.Repeat("=&", n) || strings.IndexByte(query, '?') >= 0 {
		return false
	}
	fields, err := url.ParseQuery(query)
	if err != nil || len(fields) != n {
		return false
	}
	if len(query) > maxLabel && strings.Contains(s.labels.Replace(query), label) {
		for name := range fields { // a name, or only a long value
			if len(name) >= maxLabel {
				return false
			}
		}
	}
	_, nameless := fields[""]
	return !nameless
}

// Ordinary proves a request target, if the walker skims, and then counts it.
// Otherwise it does nothing.
func (w *Walker) Ordinary(uri []byte) bool {
	if w.skim == nil {
		return false
	}
	w.input += len(uri)
	if w.skim.target(w, uri) {
		return true
	}
	w.input -= len(uri)
	return false
}

// skimTarget proves a whole request target and counts it.
func (w *Walker) skimTarget(uri []byte) bool {
	text := string(uri)
	if text == "/" {
		return true
	}
	query, score, ok := w.skim.Target(text)
	if !ok {
		return false
	}
	values := 1
	decoded := 0
	if query != "" {
		values += 2*strings.Count(query, "=") - strings.Count(query+"&", "=&")
		n, ok := blanks(query)
		if !ok {
			return false
		}
		decoded = n
	}
	if w.values+values > w.limits.Values || w.decoded+2*len(text) > w.limits.DecodedRatio*w.input+w.limits.DecodedSlack {
		return false
	}
	w.values += values
	w.decoded += decoded
	w.prober.Raise(score)
	return true
}

// blanks counts the bytes of values in which plus signs stand for blanks; it
// fails on names with one.
func blanks(query string) (int, bool) {
	decoded := 0
	rest := query
	plus := strings.IndexByte(rest, '+')
	for plus >= 0 {
		start := strings.LastIndexByte(rest[:plus], '=')
		if start < strings.LastIndexByte(rest[:plus], '&') {
			return 0, false // in a name
		}
		end := strings.IndexByte(rest[plus:], '&')
		if end < 0 {
			return decoded + len(rest) - start - 1, true
		}
		decoded += plus + end - start - 1
		rest = rest[plus+end:]
		plus = strings.IndexByte(rest, '+')
	}
	return decoded, true
}
