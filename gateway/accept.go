package gateway

import (
	"strconv"
	"strings"
)

// WantsPage reports whether an Accept header, several lines joined by commas,
// asks for HTML at least as much as for JSON (RFC 9110, section 12.5.1). Whoever
// names neither, "*/*" or nothing, is a program and gets JSON: every browser
// names text/html.
func WantsPage(accept string) bool {
	page, data := 0.0, 0.0
	for len(accept) > 0 {
		item := accept
		if i := strings.IndexByte(accept, ','); i >= 0 {
			item, accept = accept[:i], accept[i+1:]
		} else {
			accept = ""
		}
		kind, params := item, ""
		if i := strings.IndexByte(item, ';'); i >= 0 {
			kind, params = item[:i], item[i+1:]
		}
		kind = strings.ToLower(strings.TrimSpace(kind))
		if kind == "text/html" || kind == "application/xhtml+xml" || kind == "text/*" {
			page = higher(page, quality(params))
		} else if kind == "application/json" || kind == "application/*" || strings.HasSuffix(kind, "+json") {
			data = higher(data, quality(params))
		}
	}
	return page > 0 && page >= data
}

func higher(a, b float64) float64 {
	if a > b {
		return a
	}
	return b
}

// quality returns the q parameter, 1 when there is none or it makes no sense.
func quality(params string) float64 {
	list := strings.Split(params, ";")
	for i := 0; i < len(list); i++ {
		p := strings.TrimSpace(list[i])
		if len(p) < 2 || p[1] != '=' || (p[0] != 'q' && p[0] != 'Q') {
			continue
		}
		q, err := strconv.ParseFloat(p[2:], 64)
		if err == nil && q >= 0 && q <= 1 {
			return q
		}
	}
	return 1
}
