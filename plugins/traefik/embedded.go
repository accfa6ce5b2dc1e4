package traefik

import (
	"net/http"

	"github.com/glacis-waf/glacis/core"
)

// embedded is a session with the engine in this process.
type embedded struct {
	tx    *core.Transaction
	aside map[string]bool // the header that differs with each request
}

// newEmbedded begins with the client's address, for the policy.
func newEmbedded(e *core.Engine, client string, aside map[string]bool) *embedded {
	s := &embedded{tx: e.Begin(), aside: aside}
	s.tx.Source(client)
	return s
}

func (s *embedded) head(r *http.Request) (core.Verdict, string) {
	s.tx.RequestLine(r.Method, target(r))
	s.lines(r)
	if r.Body == nil || r.Body == http.NoBody {
		return core.Verdict{}, "" // end follows at once
	}
	return s.tx.EndHeaders(), ""
}

// lines judges the header lines.
func (s *embedded) lines(r *http.Request) {
	if len(r.TransferEncoding) > 0 || len(r.Trailer) > 0 {
		headers(r, nil, s.line)
		return
	}
	s.tx.Headers(block(r, s.aside), func() { headers(r, s.aside, s.line) })
	for name := range s.aside {
		field(r.Header, name, s.line)
	}
}

func (s *embedded) line(name, value string) { s.tx.Header(name, value) }

func (s *embedded) body(p []byte) (core.Verdict, string) { return s.tx.Body(p), "" }

func (s *embedded) end(trailer http.Header) (core.Verdict, string) {
	for _, name := range sorted(trailer) {
		field(trailer, name, s.trailer)
	}
	return s.tx.End(), ""
}

func (s *embedded) trailer(name, value string) { s.tx.Trailer(name, value) }

func (s *embedded) close() { s.tx.Close() }

func (s *embedded) name() string { return "traefik/embedded" }
