package walk

import (
	"net/url"
	"strings"

	"github.com/glacis-waf/glacis/core/decode"
)

// Skim has the walker try s on every text before it walks it; nil, the default,
// tries nothing. Verdicts do not depend on it.
func (w *Walker) Skim(s *Skimmer) { w.skim = s }

// skimmable bounds the text that is skimmed at once, and how many parameters.
const (
	skimmable = 64 << 10
	maxParams = 1 << 10
	// maxEscaped is how long an escaped parameter may be: leaf decodes it in
	// one piece then.
	maxEscaped = 8 << 10
)

// skimValue proves one value and counts it.
func (w *Walker) skimValue(v []byte, depth int) bool {
	if depth >= w.limits.Depth || w.values >= w.limits.Values || !w.skim.proves([]string{string(v)}) {
		return false
	}
	w.values++
	return true
}

// skimBody proves a body that fits a window.
func (w *Walker) skimBody(v []byte) bool {
	if len(w.arena) > 0 {
		return false
	}
	switch w.body.shape {
	case jsonBody:
		return w.skimJSON(v)
	case formBody:
		return w.skimForm(v)
	}
	return false
}

// skimPath proves a path; see urlPath.
func (w *Walker) skimPath(path []byte) bool {
	p := string(path)
	if len(p) > MaxValue || strings.ContainsAny(p, "%;") || !w.skim.words(p) {
		return false
	}
	return w.skimValue(path, 0)
}

// words reports whether no segment of a path may be a random word.
func (s *Skimmer) words(path string) bool {
	if strings.ToLower(path) == path && strings.IndexByte(path, '0') < 0 && !strings.ContainsAny(path, digits) {
		return true
	}
	if !mixed(s.kinds.Replace(path)) {
		return true
	}
	for _, v := range strings.Split(path, "/") {
		if len(v) >= 12 && !s.word(v) {
			return false
		}
	}
	return true
}

// skimForm proves the parameters of a query or a form body, which is whole; see
// params. Names have to differ, since the values of equal ones are judged
// joined. (repeats tells names apart by 32 bits: two names of one hash are
// joined there and not here.)
func (w *Walker) skimForm(query []byte) bool {
	if len(query) > skimmable || len(w.arena) > 0 ||
		w.decoded+2*len(query) > w.limits.DecodedRatio*w.input+w.limits.DecodedSlack {
		return false
	}
	params := strings.Split(string(query), "&")
	if len(params) > maxParams {
		return false
	}
	values := make([]string, 0, 2*len(params))
	seen := make(map[string]bool, len(params))
	decoded := 0
	for _, p := range params {
		eq := strings.IndexByte(p, '=')
		if eq >= 2*decode.Overlap {
			return false // too far for a name
		}
		if eq > 0 {
			name := p[:eq]
			if seen[name] {
				return false
			}
			seen[name] = true
			values = append(values, name)
		}
		v := p[eq+1:]
		if strings.ContainsAny(v, "+%") {
			if len(v) > maxEscaped {
				return false
			}
			out, err := url.QueryUnescape(v)
			if err != nil {
				return false
			}
			v = out
			decoded += len(v)
		}
		if v != "" {
			values = append(values, v)
		}
	}
	if w.values+len(values) > w.limits.Values || !w.skim.proves(values) {
		return false
	}
	w.values += len(values)
	w.decoded += decoded
	return true
}
