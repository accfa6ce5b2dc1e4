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
	if s.client != nil || !s.fixed || s.rules.policy != nil || p.settings.Log == gateway.LogAll {
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
	own, ok := p.own(r)
	if !ok {
		return false
	}
	defer func() {
		if recover() != nil {
			complain("a proof panicked; the request is inspected")
		}
	}()
	if r.Body == nil || r.Body == http.NoBody {
		if p.engine.Clean(r.Method, target(r), block(r, p.aside), own, nil) < 0 {
			return false
		}
	} else if !p.cleanBody(r, own) {
		return false
	}
	if own.Value == "" && p.settings.Mode == gateway.Prevent {
		r.Header.Set(p.settings.RequestIDHeader, freshID())
	}
	return true
}

// cleanBody proves a short body of a kind that may be proven.
func (p *plugin) cleanBody(r *http.Request, own core.Header) bool {
	kind := r.Header.Get("Content-Type")
	if p.settings.Mode != gateway.Prevent || r.ContentLength > core.MaxClean ||
		kind != "application/x-www-form-urlencoded" && !strings.HasPrefix(kind, "application/json") {
		return false
	}
	body := whole(r)
	return len(body) > 0 && p.engine.Clean(r.Method, target(r), block(r, p.aside), own, body) >= 0
}

// whole reads a body of known length and puts what was read back before what
// comes. It returns nil if there is no such body, or the client breaks off. It
// is for bodies that are held in any case until all of them is judged.
func whole(r *http.Request) []byte {
	if r.ContentLength < 1 || r.ContentLength > blockBytes {
		return nil
	}
	src := r.Body
	body := make([]byte, r.ContentLength)
	n, err := io.ReadFull(src, body)
	if err != nil {
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body[:n]), src))
		return nil
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body
}

// own is the line with the request's id, which no other request has; ok is false
// if there are several, or one that is not kept as it is.
func (p *plugin) own(r *http.Request) (core.Header, bool) {
	name := p.settings.RequestIDHeader
	given := r.Header.Values(name)
	if len(given) == 0 {
		return core.Header{}, true
	}
	line := core.Header{Name: name, Value: given[0]}
	return line, len(given) == 1 && gateway.KeepID(line.Value)
}

// block is a text that is equal for equal header lines, but for blanks around
// values, which net/http trims from what it reads, and for the lines set aside.
func block(r *http.Request, aside map[string]bool) string {
	var b strings.Builder
	b.WriteString(r.Host)
	b.WriteByte('\n')
	_ = r.Header.WriteSubset(&b, aside) // a Builder takes everything
	return b.String()
}
