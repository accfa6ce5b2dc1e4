package gateway

import (
	"strconv"

	"github.com/glacis-waf/glacis/core"
)

// windowBytes is how much of the text that decided is reported at most.
const windowBytes = 160

// How long the place of a finding behind the strongest may be, and all of them
// together, in bytes: what is beyond is left out, and glacis.findings tells.
// Kong's log cuts lines at 2,048 bytes.
const (
	otherBytes  = 120
	othersBytes = 400
)

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
	dst = adjustments(dst, top.Adjustments)
	return others(dst, v.Findings[1:])
}

// others appends the findings behind the strongest, without their text: enough
// for exceptions, and to decide again under another policy.
func others(dst []byte, list []core.Finding) []byte {
	start := len(dst)
	for i := 0; i < len(list) && len(dst)-start < othersBytes; i++ {
		f := &list[i]
		if len(f.Location) > otherBytes {
			continue
		}
		if len(dst) == start {
			dst = append(dst, `,"glacis.others":[`...)
		} else {
			dst = append(dst, ',')
		}
		dst = quote(append(dst, `{"location":`...), f.Location)
		dst = member(dst, "family", f.Family.Name())
		dst = member(dst, "confidence", f.Confidence.Name())
		dst = count(dst, "score", int64(f.Score))
		if f.LogOnly {
			dst = append(dst, `,"log_only":true`...)
		}
		dst = append(dst, '}')
	}
	if len(dst) == start {
		return dst
	}
	return append(dst, ']')
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
