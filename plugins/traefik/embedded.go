package traefik

import (
	"net/http"

	"github.com/glacis-waf/glacis/core"
)

// embedded is a session with the engine in this process.
type embedded struct{ tx *core.Transaction }

func newEmbedded(e *core.Engine) *embedded { return &embedded{tx: e.Begin()} }

func (s *embedded) head(r *http.Request) (core.Verdict, string) {
	s.tx.RequestLine(r.Method, target(r))
	headers(r, s.line)
	return s.tx.EndHeaders(), ""
}

func (s *embedded) line(name, value string) { s.tx.Header(name, value) }

func (s *embedded) body(p []byte) (core.Verdict, string) { return s.tx.Body(p), "" }

func (s *embedded) end(trailer http.Header) (core.Verdict, string) {
	fields(trailer, s.trailer)
	return s.tx.End(), ""
}

func (s *embedded) trailer(name, value string) { s.tx.Trailer(name, value) }

func (s *embedded) close() { s.tx.Close() }

func (s *embedded) name() string { return "traefik/embedded" }
