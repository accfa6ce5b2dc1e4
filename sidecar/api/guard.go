package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

// guard lets through who knows a token.
type guard struct{ agents, operators secret }

// Required reports whether operators have to know a token.
func (t Tokens) Required() bool { return t.Agents != "" || t.Operators != "" }

// Operator reports whether a token is enough for what operators may do, in
// constant time.
func (t Tokens) Operator(token string) bool {
	g, sum := newGuard(t), sha256.Sum256([]byte(token))
	if g.operators.set {
		return g.operators.is(sum)
	}
	return !g.agents.set || g.agents.is(sum)
}

// secret is the hash of a token: comparing hashes tells nothing about the
// token's length either.
type secret struct {
	sum [sha256.Size]byte
	set bool
}

func newSecret(token string) secret { return secret{sha256.Sum256([]byte(token)), token != ""} }

// is reports whether a token is this one, in constant time.
func (s *secret) is(sum [sha256.Size]byte) bool {
	return s.set && subtle.ConstantTimeCompare(sum[:], s.sum[:]) == 1
}

func newGuard(t Tokens) guard { return guard{newSecret(t.Agents), newSecret(t.Operators)} }

// protect returns the handler of a route with the guard before it.
func (g guard) protect(route *Route) http.Handler {
	operators := g.operators.set && !route.Agents
	next := route.Handler
	if !route.Open && !route.Agents {
		next = sameSite(next)
	}
	if route.Open || !operators && !g.agents.set {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		given := req.Header.Get(TokenHeader)
		if given == "" {
			given, _ = strings.CutPrefix(req.Header.Get("Authorization"), "Bearer ")
		}
		sum := sha256.Sum256([]byte(given))
		agent, operator := g.agents.is(sum), g.operators.is(sum)
		switch {
		case operator || agent && !operators:
			req.Header.Del(TokenHeader)
			next.ServeHTTP(w, req)
		case agent:
			Problem(w, http.StatusForbidden, "This is for operators: the agents' token is not enough.")
		default:
			w.Header().Set("WWW-Authenticate", `Bearer realm="glacis"`)
			Problem(w, http.StatusUnauthorized, "This sidecar wants its token.")
		}
	})
}

// sameSite refuses what a browser sends from the page of another site: where no
// token is wanted, being able to connect is all that a caller has to show.
func sameSite(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if protection.Check(req) != nil {
			Problem(w, http.StatusForbidden, "A browser sent this from another site.")
			return
		}
		next.ServeHTTP(w, req)
	})
}
