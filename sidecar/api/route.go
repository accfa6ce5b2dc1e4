package api

import (
	"net/http"
	"strings"
)

// TokenHeader carries the sidecar's token where Authorization belongs to the
// client's own request.
const TokenHeader = "Glacis-Token"

// Route is one endpoint.
type Route struct {
	// Pattern is one of http.ServeMux, "POST /v1/inspect".
	Pattern string
	// Prefix, instead of Pattern, takes every request whose raw target begins
	// with it, whatever its method, without the cleaning of paths that a
	// ServeMux does. It ends without a slash.
	Prefix string
	// Handler serves it. What it must not do: hold more of a body than a bound
	// of its own, wait without end, answer with what a client sent unescaped.
	Handler http.Handler
	// Open endpoints need no token: probes.
	Open bool
	// Agents says that the agents' token is enough. Of anything else only
	// operators may know, or change it.
	Agents bool
}

// Tokens are what callers must know. An operator's token opens what the
// agents' does, too.
type Tokens struct {
	// Agents is that of wrappers and gateways; "" for none.
	Agents string
	// Operators is that of people and their tools; "" makes no difference
	// between them and agents.
	Operators string
}

// Router dispatches to routes. It is an http.Handler, immutable after New.
type Router struct {
	mux      *http.ServeMux
	prefixes []Route
}

// New makes a Router; with a token every route that is not open wants it, as
// "Authorization: Bearer …" or in TokenHeader. It panics on patterns that
// conflict, as http.ServeMux does: that is a mistake in the program.
func New(token string, routes ...Route) *Router { return NewGuarded(Tokens{Agents: token}, routes...) }

// NewGuarded is New with a token of its own for operators.
func NewGuarded(tokens Tokens, routes ...Route) *Router {
	r, g := &Router{mux: http.NewServeMux()}, newGuard(tokens)
	for _, route := range routes {
		route.Handler = g.protect(&route)
		if route.Prefix != "" {
			r.prefixes = append(r.prefixes, route)
		} else {
			r.mux.Handle(route.Pattern, route.Handler)
		}
	}
	return r
}

// ServeHTTP implements http.Handler.
func (r *Router) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	for _, route := range r.prefixes {
		if rest, ok := strings.CutPrefix(req.RequestURI, route.Prefix); ok && (rest == "" || rest[0] == '/' || rest[0] == '?' || rest[0] == '*') {
			route.Handler.ServeHTTP(w, req)
			return
		}
	}
	handler, pattern := r.mux.Handler(req)
	if pattern != "" {
		r.mux.ServeHTTP(w, req)
		return
	}
	// The mux's own answer, 404 or 405, as a problem.
	own := answer{header: http.Header{}}
	handler.ServeHTTP(&own, req)
	if allow := own.header.Get("Allow"); allow != "" {
		w.Header().Set("Allow", allow)
	}
	Problem(w, own.status, "There is no such endpoint; GET /v1/openapi.yaml lists them.")
}

// answer takes an answer down to its status and headers.
type answer struct {
	header http.Header
	status int
}

// Header implements http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

// Write implements http.ResponseWriter.
func (a *answer) Write(p []byte) (int, error) { return len(p), nil }

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) { a.status = status }
