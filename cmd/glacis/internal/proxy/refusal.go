package proxy

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // for the page
	"encoding/base64"
	"encoding/json"
	"html/template"
	"net/http"
	"strings"
)

//go:embed refusal.html
var refusalPage string

var (
	refusalTemplate = template.Must(template.New("refusal").Parse(refusalPage))
	refusalPolicy   = contentPolicy(refusalPage)
)

// contentPolicy is a Content-Security-Policy that allows the page's own style
// and nothing else.
func contentPolicy(page string) string {
	_, style, _ := strings.Cut(page, "<style>")
	style, _, _ = strings.Cut(style, "</style>")
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// problem is an answer of the proxy's own. As JSON it is an RFC 9457 problem
// with the request id as an extension member.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	ID     string `json:"request_id"`
}

// details has what clients are told, by status. Nothing here says what was
// found: that is in the log under the request id.
var details = map[int]string{
	http.StatusForbidden:             "The request was refused because it looks like an attack.",
	http.StatusBadRequest:            "The request could not be read to its end.",
	http.StatusMethodNotAllowed:      "This server does not open tunnels.",
	http.StatusRequestTimeout:        "The request took too long to arrive.",
	http.StatusRequestEntityTooLarge: "The request is longer than this site allows.",
	http.StatusBadGateway:            "The site behind this server cannot be reached.",
	http.StatusServiceUnavailable:    "The request could not be checked. Please try again.",
	http.StatusGatewayTimeout:        "The site behind this server did not answer in time.",
	http.StatusLoopDetected:          "The request has come back to the server that sent it.",
}

// refuse answers with a problem, as a page for browsers and as JSON for
// everybody else.
func refuse(w http.ResponseWriter, r *http.Request, status int, idHeader, id string) {
	p := problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: details[status], ID: id}
	var body bytes.Buffer
	h := w.Header()
	if wantsPage(r.Header.Values("Accept")) {
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", refusalPolicy)
		if err := refusalTemplate.Execute(&body, p); err != nil {
			body.Reset() // the status alone says enough
		}
	} else {
		h.Set("Content-Type", "application/problem+json")
		if err := json.NewEncoder(&body).Encode(p); err != nil {
			body.Reset()
		}
	}
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set(idHeader, id)
	if status == http.StatusMethodNotAllowed {
		h.Set("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE")
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body.Bytes()) // a client that has gone needs no answer
	}
}
