package traefik

import (
	"bytes"
	"net/http"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// heard is what the sidecar said of a request before there was an exchange.
type heard struct {
	answer answer
	err    error
}

// asks says whether the requests of a router may be shown to the sidecar without
// an exchange: not if there is a policy of its own or the log wants all.
func (p *plugin) asks() bool {
	s := p.shared
	return s.client != nil && s.fixed && s.rules.policy == nil && p.settings.Log != gateway.LogAll
}

// ask shows a request without a body, or with a short one that is held anyway,
// to the sidecar, and reports whether nothing was found and nothing is to be
// reported. Most requests are so, and nothing costs the interpreter less. An
// exchange then deals with the others, and with what was heard of them; nil if
// the sidecar was not asked.
func (p *plugin) ask(r *http.Request) (bool, *heard) {
	c := p.shared.client
	if !c.breaker.calm() || len(r.TransferEncoding) > 0 || len(r.Trailer) > 0 {
		return false, nil
	}
	given := r.Header.Get(p.settings.RequestIDHeader)
	if given != "" && !gateway.KeepID(given) {
		return false, nil
	}
	defer func() {
		if recover() != nil {
			complain("asking the sidecar panicked; the request is inspected anew")
		}
	}()
	var body []byte
	if r.Body != nil && r.Body != http.NoBody {
		if p.settings.Mode != gateway.Prevent || r.ContentLength > p.settings.MaxBodyBytes || isStream(r.Header.Get("Content-Type")) {
			return false, nil
		}
		body = whole(r)
		if body == nil {
			return false, nil
		}
	}
	message, _ := messages.Get().(*bytes.Buffer)
	message.Reset()
	_ = writeHead(message, r) // there are no chunks
	message.Write(body)
	a, err := c.post(hostOnly(r.RemoteAddr), message.Bytes())
	messages.Put(message)
	if err != nil || a.Confidence != core.ConfidenceNone.Name() || a.Action != core.Pass.Name() || a.Fault != "" ||
		a.Uninspected != 0 || len(a.Violations) > 0 || len(a.Exceptions) > 0 {
		return false, &heard{a, err}
	}
	if given == "" && p.settings.Mode == gateway.Prevent && (a.Mode == "" || a.Mode == gateway.Prevent) {
		r.Header.Set(p.settings.RequestIDHeader, freshID())
	}
	return true, nil
}
