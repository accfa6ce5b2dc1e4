package gateway

import (
	"strconv"

	"github.com/glacis-waf/glacis/core"
)

// windowBytes is how much of the text that decided is reported at most.
const windowBytes = 160

// finding appends what was found: nothing for a clean request.
func finding(dst []byte, v *core.Verdict) []byte {
	if v.Confidence == core.ConfidenceNone {
		return dst
	}
	window := Redact(v.Location, v.Window)
	dst = member(dst, "glacis.family", v.Family.Name())
	dst = member(dst, "glacis.location", v.Location)
	dst = member(dst, "glacis.window", Clip(window, windowBytes))
	if len(v.Findings) == 0 {
		return dst
	}
	dst = count(dst, "glacis.findings", int64(len(v.Findings)))
	top := &v.Findings[0]
	if window == v.Window {
		// Tokens are pieces of the window: where that hides something, so do they.
		dst = tokens(dst, top.Tokens)
	}
	return adjustments(dst, top.Adjustments)
}

// tokens appends the features that weighed most, heaviest first.
func tokens(dst []byte, list []core.Token) []byte {
	if len(list) == 0 {
		return dst
	}
	dst = append(dst, `,"glacis.tokens":[`...)
	for i := 0; i < len(list); i++ {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = quote(append(dst, `{"text":`...), list[i].Text)
		dst = append(count(dst, "weight", int64(list[i].Weight)), '}')
	}
	return append(dst, ']')
}

// adjustments appends what the learned profile changed about the score.
func adjustments(dst []byte, list []core.Adjustment) []byte {
	if len(list) == 0 {
		return dst
	}
	dst = append(dst, `,"glacis.adjustments":[`...)
	for i := 0; i < len(list); i++ {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = quote(append(dst, `{"reason":`...), list[i].Reason)
		dst = append(count(dst, "points", int64(list[i].Points)), '}')
	}
	return append(dst, ']')
}

// limits appends how often each limit was reached.
func limits(dst []byte, v *core.Verdict) []byte {
	sep := `,"glacis.limits":{`
	for k := 0; k < int(core.LimitKinds); k++ {
		if v.Limits[k] == 0 {
			continue
		}
		dst = append(dst, sep...)
		dst = append(quote(dst, core.LimitKind(k).Name()), ':')
		dst = strconv.AppendInt(dst, int64(v.Limits[k]), 10)
		sep = ","
	}
	if sep == "," {
		dst = append(dst, '}')
	}
	return dst
}

// count appends a number.
func count(dst []byte, name string, n int64) []byte {
	dst = append(dst, ',', '"')
	dst = append(dst, name...)
	dst = append(dst, '"', ':')
	return strconv.AppendInt(dst, n, 10)
}

// first returns a, or b if a is empty.
func first(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// member appends a string member; an empty value is left out.
func member(dst []byte, name, value string) []byte {
	if value == "" {
		return dst
	}
	dst = append(dst, ',', '"')
	dst = append(dst, name...)
	dst = append(dst, '"', ':')
	return quote(dst, value)
}
