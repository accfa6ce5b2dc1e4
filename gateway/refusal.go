package gateway

import "strings"

// ContentPolicy is the Content-Security-Policy of the page.
const ContentPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Refusal is the answer to a refused request. It never says what was found:
// that is in the event under the request id.
type Refusal struct {
	// Status is 403 for ActionBlock, 503 for ActionFailClosed.
	Status int
	// ContentType and Body: a page for browsers, an RFC 9457 problem with a
	// request_id member for everybody else.
	ContentType, Body string
}

// Refuse makes the answer for an action that refuses. accept is the request's
// Accept header, id the request id, which must be one that KeepID takes.
func Refuse(a Action, accept, id string) Refusal {
	r := Refusal{Status: 403}
	title, detail, status := "Forbidden", "The request was refused because it looks like an attack.", "403"
	if a == ActionFailClosed {
		r.Status = 503
		title, detail, status = "Service Unavailable", "The request could not be checked. Please try again.", "503"
	}
	if strings.Contains(strings.ToLower(accept), "text/html") {
		r.ContentType = "text/html; charset=utf-8"
		r.Body = "<!doctype html><html lang=en><meta charset=utf-8><title>" + status + " " + title + "</title><h1>" + title +
			"</h1><p>" + detail + "<p>Request id: <code>" + id + "</code></html>\n"
		return r
	}
	r.ContentType = "application/problem+json"
	r.Body = `{"type":"about:blank","title":"` + title + `","status":` + status + `,"detail":"` + detail + `","request_id":"` + id + "\"}\n"
	return r
}

// KeepID says whether a client's request id is harmless in logs, headers and
// pages: 8 to 128 letters, digits, '.', '_' and '-'.
func KeepID(given string) bool {
	if len(given) < 8 || len(given) > 128 {
		return false
	}
	for i := 0; i < len(given); i++ {
		c := given[i]
		if !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return true
}
