package api

import (
	"crypto/sha256"
	"crypto/subtle"
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
}

// Router dispatches to routes. It is an http.Handler, immutable after New.
type Router struct {
	mux      *http.ServeMux
	prefixes []Route
	token    [sha256.Size]byte
	guarded  bool
}

// New makes a Router; with a token every route that is not open wants it, as
// "Authorization: Bearer …" or in TokenHeader. It panics on patterns that
// conflict, as http.ServeMux does: that is a mistake in the program.
func New(token string, routes ...Route) *Router {
	r := &Router{mux: http.NewServeMux(), token: sha256.Sum256([]byte(token)), guarded: token != ""}
	for _, route := range routes {
		if !route.Open {
			route.Handler = r.guard(route.Handler)
		}
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

// guard lets through who knows the token. Comparing hashes tells nothing about
// the token's length either.
func (r *Router) guard(next http.Handler) http.Handler {
	if !r.guarded {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		given := req.Header.Get(TokenHeader)
		if given == "" {
			given, _ = strings.CutPrefix(req.Header.Get("Authorization"), "Bearer ")
		}
		sum := sha256.Sum256([]byte(given))
		if subtle.ConstantTimeCompare(sum[:], r.token[:]) != 1 {
			w.Header().Set("WWW-Authenticate", `Bearer realm="glacis"`)
			Problem(w, http.StatusUnauthorized, "This sidecar wants its token.")
			return
		}
		req.Header.Del(TokenHeader)
		next.ServeHTTP(w, req)
	})
}
