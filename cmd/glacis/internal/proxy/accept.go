package proxy

import (
	"strconv"
	"strings"
)

// wantsPage reports whether an Accept header asks for HTML at least as much as
// for JSON (RFC 9110, section 12.5.1). Whoever names neither, "*/*" or nothing,
// is a program and gets JSON: every browser names text/html.
func wantsPage(accept []string) bool {
	var page, data float64
	for _, line := range accept {
		for len(line) > 0 {
			var item string
			item, line, _ = strings.Cut(line, ",")
			kind, params, _ := strings.Cut(item, ";")
			kind = strings.ToLower(strings.TrimSpace(kind))
			switch {
			case kind == "text/html" || kind == "application/xhtml+xml" || kind == "text/*":
				page = max(page, quality(params))
			case kind == "application/json" || kind == "application/*" || strings.HasSuffix(kind, "+json"):
				data = max(data, quality(params))
			}
		}
	}
	return page > 0 && page >= data
}

// quality returns the q parameter, 1 when there is none or it makes no sense.
func quality(params string) float64 {
	for len(params) > 0 {
		var p string
		p, params, _ = strings.Cut(params, ";")
		if name, value, ok := strings.Cut(strings.TrimSpace(p), "="); ok && strings.EqualFold(name, "q") {
			if q, err := strconv.ParseFloat(value, 64); err == nil && q >= 0 && q <= 1 {
				return q
			}
		}
	}
	return 1
}
