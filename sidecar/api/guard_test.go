package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/glacis-waf/glacis/gateway"
)

const (
	agentToken    = "a token for the agents"
	operatorToken = "a token for operators!"
)

// roleOf says who may call a route.
func roleOf(r *Route) string {
	switch {
	case r.Open:
		return "everybody"
	case r.Agents:
		return "agents"
	}
	return "operators"
}

// access says the same by the document.
func access(op *openapi3.Operation, doc *openapi3.T) string {
	security := doc.Security
	if op.Security != nil {
		security = *op.Security
	}
	if len(security) == 0 {
		return "everybody"
	}
	for _, s := range security {
		if _, ok := s["agent"]; ok {
			return "agents"
		}
	}
	return "operators"
}

// ask sends a request for a route with a token.
func ask(h http.Handler, pattern, header, token string) *httptest.ResponseRecorder {
	method, path, _ := strings.Cut(pattern, " ")
	req := httptest.NewRequest(method, path, nil)
	req.Header.Set(header, token)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w
}

// TestRoles has every token ask for every route of a sidecar: the handlers are
// put in place of the real ones, their routes are not.
func TestRoles(t *testing.T) {
	service, _ := newService(t, gateway.Settings{}, nil)
	var h Health
	routes := append(h.Routes(), Inspect(service), Policy(service, nil), OpenAPI(), Metrics(service.Metrics().Registry), Model(nil), Tables(nil, nil), Status(nil))
	routes = append(append(routes, (&Learning{events: NewEvents(nil)}).Routes()...), Authz(service)...)
	roles := map[string]int{}
	for i := range routes {
		roles[roleOf(&routes[i])]++
		routes[i].Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	}
	if roles["operators"] < 12 || roles["agents"] < 14 || roles["everybody"] != 2 {
		t.Errorf("%v", roles)
	}
	const in = http.StatusTeapot
	for _, c := range []struct {
		tokens                    Tokens
		token                     string
		open, forAgent, forPeople int
	}{
		{Tokens{}, "", in, in, in},
		{Tokens{Agents: agentToken}, "", in, 401, 401},
		{Tokens{Agents: agentToken}, agentToken, in, in, in},
		{Tokens{Agents: agentToken, Operators: operatorToken}, "", in, 401, 401},
		{Tokens{Agents: agentToken, Operators: operatorToken}, "wrong", in, 401, 401},
		{Tokens{Agents: agentToken, Operators: operatorToken}, agentToken, in, in, 403},
		{Tokens{Agents: agentToken, Operators: operatorToken}, operatorToken, in, in, in},
		{Tokens{Operators: operatorToken}, "", in, in, 401},
		{Tokens{Operators: operatorToken}, operatorToken, in, in, in},
	} {
		router := NewGuarded(c.tokens, routes...)
		for _, r := range routes {
			want := map[string]int{"everybody": c.open, "agents": c.forAgent, "operators": c.forPeople}[roleOf(&r)]
			pattern := r.Pattern
			if pattern == "" {
				pattern = "PUT " + r.Prefix + "/any"
			}
			if w := ask(router, pattern, "Authorization", "Bearer "+c.token); w.Code != want {
				t.Errorf("%+v: %s with %q in Authorization: %d, want %d", c.tokens, pattern, c.token, w.Code, want)
			}
			if w := ask(router, pattern, TokenHeader, c.token); w.Code != want {
				t.Errorf("%+v: %s with %q in its own header: %d, want %d", c.tokens, pattern, c.token, w.Code, want)
			}
		}
	}
}

// What is refused says why and nothing of the tokens.
func TestRefusalSaysNoToken(t *testing.T) {
	router := NewGuarded(Tokens{agentToken, operatorToken}, Route{Pattern: "GET /x", Handler: http.NotFoundHandler()})
	w := ask(router, "GET /x", TokenHeader, agentToken)
	if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "operators") {
		t.Error(w.Code, w.Body)
	}
	if w = ask(router, "GET /x", TokenHeader, ""); w.Code != http.StatusUnauthorized || w.Header().Get("WWW-Authenticate") == "" {
		t.Error(w.Code, w.Body)
	}
}

// TestOperatorTokens says who may sign in where the guard of a route does not
// ask.
func TestOperatorTokens(t *testing.T) {
	both := Tokens{agentToken, operatorToken}
	for _, c := range []struct {
		tokens         Tokens
		token          string
		required, good bool
	}{
		{Tokens{}, "", false, true}, {Tokens{}, "any", false, true},
		{Tokens{Agents: agentToken}, agentToken, true, true}, {Tokens{Agents: agentToken}, "", true, false},
		{both, operatorToken, true, true}, {both, agentToken, true, false}, {both, "", true, false},
		{Tokens{Operators: operatorToken}, operatorToken, true, true}, {Tokens{Operators: operatorToken}, "", true, false},
	} {
		if c.tokens.Required() != c.required || c.tokens.Operator(c.token) != c.good {
			t.Errorf("%+v: required %v, good %v", c, c.tokens.Required(), c.tokens.Operator(c.token))
		}
	}
}

// What a browser sends from another site changes nothing, even where no token is
// wanted; gateways' requests are other people's, and pass.
func TestOtherSites(t *testing.T) {
	served := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	router := New("", Route{Pattern: "POST /change", Handler: served}, Route{Pattern: "POST /agents", Handler: served, Agents: true})
	for _, c := range []struct {
		path, header, value string
		status              int
	}{
		{"/change", "", "", http.StatusTeapot}, {"/change", "Sec-Fetch-Site", "same-origin", http.StatusTeapot}, {"/change", "Sec-Fetch-Site", "cross-site", http.StatusForbidden},
		{"/change", "Origin", "http://evil.example", http.StatusForbidden}, {"/change", "Origin", "http://example.com", http.StatusTeapot},
		{"/agents", "Sec-Fetch-Site", "cross-site", http.StatusTeapot},
	} {
		req := httptest.NewRequest("POST", c.path, nil)
		if c.header != "" {
			req.Header.Set(c.header, c.value)
		}
		w := httptest.NewRecorder()
		if router.ServeHTTP(w, req); w.Code != c.status {
			t.Errorf("%+v: %d", c, w.Code)
		}
	}
}
