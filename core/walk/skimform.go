package walk

import (
	"net/url"
	"strings"

	"github.com/glacis-waf/glacis/core/decode"
)

// skimmable bounds the text that is skimmed at once, and how many parameters.
const (
	skimmable = 64 << 10
	maxParams = 1 << 10
	// maxEscaped is how long an escaped parameter may be: leaf decodes it in
	// one piece then.
	maxEscaped = 8 << 10
	// maxLabel is how much of a name decode.Form keeps: names that begin alike
	// that far count as equal.
	maxLabel = 64
)

// Value proves one value.
func (s *Skimmer) Value(text string) bool {
	list, ok := s.suspects([]string{text})
	return ok && len(list) == 0
}

// skimValue proves one value and counts it.
func (w *Walker) skimValue(v []byte, depth int) bool {
	if depth >= w.limits.Depth || w.values >= w.limits.Values {
		return false
	}
	if !w.skim.Value(string(v)) {
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

// pathKind tells paths from other texts that are probed.
const pathKind = 1 << 4

// skimPath proves a path or judges it on trial; see urlPath.
func (w *Walker) skimPath(path []byte) bool {
	p := string(path)
	if len(p) <= MaxValue && !strings.ContainsAny(p, "%;") && w.skim.words(p) && w.skimValue(path, 0) {
		return true
	}
	score, ok := w.Probe(pathKind, 0, p, func() { w.pathValue(path) })
	if ok {
		w.prober.Raise(score)
	}
	return ok
}

// words reports whether no segment of a path may be a random word.
func (s *Skimmer) words(path string) bool {
	if strings.ToLower(path) == path && !strings.ContainsAny(path, digits) || !mixed(s.kinds.Replace(path)) {
		return true
	}
	for _, v := range strings.Split(path, "/") {
		if len(v) >= 12 && !s.word(v) {
			return false
		}
	}
	return true
}

// parameter is where a value comes from.
type parameter struct {
	raw     string
	escaped bool
}

// skimForm proves the parameters of a query or a form body, which is whole, and
// judges on trial those that it cannot prove; see params. Names have to differ,
// since the values of equal ones are judged joined.
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
	from := make([]parameter, 0, 2*len(params))
	seen := make(map[string]bool, len(params))
	for _, p := range params {
		eq := strings.IndexByte(p, '=')
		if eq >= 2*decode.Overlap {
			return false // too far for a name
		}
		if eq > 0 {
			name := p[:eq]
			label := name
			if len(label) > maxLabel {
				label = label[:maxLabel]
			}
			if seen[label] || strings.ContainsAny(name, "+%$[") {
				return false
			}
			seen[label] = true
			values = append(values, name)
			from = append(from, parameter{raw: name})
		}
		v := p[eq+1:]
		if v == "" {
			continue
		}
		x := parameter{raw: v}
		if strings.ContainsAny(v, "+%") {
			out, err := url.QueryUnescape(v)
			if err != nil || len(v) > maxEscaped || out == "" {
				return false
			}
			v = out
			x.escaped = true
		}
		values = append(values, v)
		from = append(from, x)
	}
	list, ok := w.skim.suspects(values)
	if !ok || w.values+len(values) > w.limits.Values {
		return false
	}
	before := w.counted()
	w.values += len(values) - len(list)
	top, next := 0, 0
	for i := 0; i < len(values); i++ {
		x := &from[i]
		if next == len(list) || list[next] != i {
			if x.escaped {
				w.decoded += len(values[i])
			}
			continue
		}
		next++
		score, ok := w.probeParameter(x)
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

// probeParameter judges a name or a value on trial.
func (w *Walker) probeParameter(x *parameter) (int, bool) {
	kind := uint8(w.ctx.Loc) | 1<<5
	if x.escaped {
		kind |= 1 << 6
	}
	return w.Probe(kind, 0, x.raw, func() { w.leaf([]byte(x.raw), x.escaped, asForm, 0, 0) })
}

// counted is what the walker has counted before something was tried.
type counted struct{ values, decoded int }

func (w *Walker) counted() counted { return counted{w.values, w.decoded} }

// recount takes back what was counted since.
func (w *Walker) recount(c counted) {
	w.values = c.values
	w.decoded = c.decoded
}
