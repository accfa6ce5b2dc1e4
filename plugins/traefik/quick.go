package traefik

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// quick returns the engine that may prove requests of a router clean without an
// exchange, nil if every request needs one: for a policy, the sidecar or the
// log.
func (p *plugin) quick() *core.Engine {
	s := p.shared
	if s.client != nil || s.done != nil || s.rules.policy != nil || p.settings.Log == gateway.LogAll {
		return nil
	}
	return s.rules.engine
}

// clean reports whether a request without a body, or with one that is held
// anyway, is proven clean. Most requests are, and nothing costs the interpreter
// less. A panic proves nothing: the exchange then deals with what caused it.
func (p *plugin) clean(r *http.Request) bool {
	if p.engine == nil || len(r.TransferEncoding) > 0 || len(r.Trailer) > 0 {
		return false
	}
	if r.Header.Get(p.settings.RequestIDHeader) != "" {
		return false // an id to be looked at
	}
	defer func() {
		if recover() != nil {
			complain("a proof panicked; the request is inspected")
		}
	}()
	if r.Body == nil || r.Body == http.NoBody {
		if p.engine.Clean(r.Method, target(r), block(r), nil) < 0 {
			return false
		}
	} else if !p.cleanBody(r) {
		return false
	}
	if p.settings.Mode == gateway.Prevent {
		r.Header.Set(p.settings.RequestIDHeader, freshID())
	}
	return true
}

// cleanBody reads a short body of a kind that may be proven, puts what was read
// back before what comes, and reports whether the request is clean. In mode
// prevent such a body is held in any case until all of it is judged.
func (p *plugin) cleanBody(r *http.Request) bool {
	kind := r.Header.Get("Content-Type")
	if p.settings.Mode != gateway.Prevent || r.ContentLength < 1 || r.ContentLength > core.MaxClean ||
		kind != "application/x-www-form-urlencoded" && !strings.HasPrefix(kind, "application/json") {
		return false
	}
	src := r.Body
	body := make([]byte, r.ContentLength)
	n, err := io.ReadFull(src, body)
	if err != nil {
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body[:n]), src))
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return p.engine.Clean(r.Method, target(r), block(r), body) >= 0
}

// block is a text that is equal for equal header lines, but for blanks around
// values, which net/http trims from what it reads.
func block(r *http.Request) string {
	var b strings.Builder
	b.WriteString(r.Host)
	b.WriteByte('\n')
	_ = r.Header.Write(&b) // a Builder takes everything
	return b.String()
}
