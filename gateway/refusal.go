package gateway

import (
	"strconv"

	"github.com/glacis-waf/glacis/core"
)

// Refusal is an answer of the wrapper's own. It never says what was found: that
// is in the event under the request id.
type Refusal struct {
	// Status is 403 for ActionBlock, 429 for ActionReject, 503 for
	// ActionFailClosed.
	Status int
	// ContentType and Body: a page for browsers, an RFC 9457 problem with a
	// request_id member for everybody else. An answer to HEAD has no body.
	ContentType, Body string
	// Headers are all headers of the answer, Content-Type included; the one for
	// the request id is not among them because its name is a setting.
	Headers []core.Header
}

// Refuse makes the answer for an action that refuses. accept is the request's
// Accept header, several lines joined by commas, id the request id, which must
// be one that KeepID takes.
func Refuse(a Action, accept, id string) Refusal {
	if a == ActionFailClosed {
		return Answer(503, accept, id)
	}
	if a == ActionReject {
		return Answer(429, accept, id)
	}
	return Answer(403, accept, id)
}

// Answer makes an answer with one of the statuses that wrappers give: 400, 403,
// 405, 408, 413, 429, 500, 502, 503, 504, 508; any other has no text.
func Answer(status int, accept, id string) Refusal {
	r := Refusal{Status: status}
	title, detail := statusText(status)
	number := strconv.Itoa(status)
	r.Headers = make([]core.Header, 0, 8)
	if WantsPage(accept) {
		r.ContentType = "text/html; charset=utf-8"
		r.Body = pageHead + title + pageStyle + title + pageDetail + detail + pageID + id + pageEnd
	} else {
		r.ContentType = "application/problem+json"
		r.Body = `{"type":"about:blank","title":"` + title + `","status":` + number + `,"detail":"` + detail +
			`","request_id":"` + id + "\"}\n"
	}
	r.add("Content-Type", r.ContentType)
	if r.ContentType != "application/problem+json" {
		r.add("Content-Security-Policy", ContentPolicy)
	}
	r.add("Cache-Control", "no-store")
	r.add("Vary", "Accept")
	r.add("X-Content-Type-Options", "nosniff")
	r.add("Referrer-Policy", "no-referrer")
	if status == 405 {
		r.add("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE")
	}
	return r
}

func (r *Refusal) add(name, value string) {
	r.Headers = append(r.Headers, core.Header{Name: name, Value: value})
}

// statusText is what clients are told.
func statusText(status int) (title, detail string) {
	if status == 400 {
		return "Bad Request", "The request could not be read to its end."
	}
	if status == 403 {
		return "Forbidden", "The request was refused because it looks like an attack."
	}
	if status == 405 {
		return "Method Not Allowed", "This server does not open tunnels."
	}
	if status == 408 {
		return "Request Timeout", "The request took too long to arrive."
	}
	if status == 413 {
		return "Request Entity Too Large", "The request is longer than this site allows."
	}
	if status == 429 {
		return "Too Many Requests", "Too many requests came from this address. Please try again later."
	}
	if status == 500 {
		return "Internal Server Error", "The site behind this server failed to answer the request."
	}
	if status == 502 {
		return "Bad Gateway", "The site behind this server cannot be reached."
	}
	if status == 503 {
		return "Service Unavailable", "The request could not be checked. Please try again."
	}
	if status == 504 {
		return "Gateway Timeout", "The site behind this server did not answer in time."
	}
	if status == 508 {
		return "Loop Detected", "The request has come back to the server that sent it."
	}
	return "", ""
}
