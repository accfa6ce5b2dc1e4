package console

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/sidecar/api"
)

// TestLogin tries names and tokens under every set of tokens: who may call the
// interface as an operator may sign in, and nobody else.
func TestLogin(t *testing.T) {
	f := newFixture(t, bothTokens)
	for _, c := range []struct {
		name       string
		tokens     api.Tokens
		who, token string
		status     int
	}{
		{"operator", bothTokens, "Anna", operatorToken, 303},
		{"operator with blanks", bothTokens, " Anna ", operatorToken + "\n", 303},
		{"agent", bothTokens, "Anna", agentToken, 403},
		{"wrong", bothTokens, "Anna", operatorToken + "x", 403},
		{"empty", bothTokens, "Anna", "", 403},
		{"one token for both", api.Tokens{Agents: agentToken}, "Anna", agentToken, 303},
		{"one token, wrong", api.Tokens{Agents: agentToken}, "Anna", operatorToken, 403},
		{"operators only", api.Tokens{Operators: operatorToken}, "Anna", operatorToken, 303},
		{"no tokens", api.Tokens{}, "Anna", "", 303},
		{"no name", bothTokens, " ", operatorToken, 400},
		{"long name", bothTokens, strings.Repeat("a", maxName+1), operatorToken, 400},
		{"name with a line end", bothTokens, "Anna\nBob", operatorToken, 400},
		{"name that is no text", bothTokens, "\xff", operatorToken, 400},
		{"name in another script", bothTokens, "Анна Й.", operatorToken, 303},
	} {
		f.mount(c.tokens, time.Now, f.console.cfg.Log, f.events.Routes())
		f.cookie = nil
		w := f.do("POST", Root+"login", url.Values{"who": {c.who}, "token": {c.token}})
		if w.Code != c.status || (f.cookie != nil) != (c.status == 303) {
			t.Errorf("%s: %d, cookie %v", c.name, w.Code, f.cookie)
		}
		if c.token != "" && strings.Contains(w.Body.String(), c.token) {
			t.Errorf("%s: the page repeats the token", c.name)
		}
		if in := f.do("GET", Root, nil).Code == http.StatusOK; in != (c.status == 303) {
			t.Errorf("%s: signed in: %v", c.name, in)
		}
	}
}

// TestCookie checks what a browser is told of the session's cookie.
func TestCookie(t *testing.T) {
	f := newFixture(t, bothTokens)
	f.login()
	if c := f.cookie; !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != Root || c.Secure || len(c.Value) != 43 {
		t.Errorf("%+v", c)
	}
	if c := f.console.sessions.begin("Anna", true); !c.Secure {
		t.Error("not secure over TLS")
	}
	first := f.cookie
	f.login()
	if f.cookie.Value == first.Value {
		t.Error("a session goes on after signing in anew")
	}
	if f.cookie = first; f.do("GET", Root, nil).Code != http.StatusSeeOther {
		t.Error("the old cookie still works")
	}
	f.login()
	kept := f.cookie
	f.submit(Root + "logout")
	if f.cookie != nil {
		t.Error("the cookie stays")
	}
	if f.cookie = kept; f.do("GET", Root, nil).Code != http.StatusSeeOther {
		t.Error("the session goes on after signing out")
	}
}

// TestForgery sends forms that a signed-in browser was made to send, or that
// somebody makes up: nothing changes.
func TestForgery(t *testing.T) {
	f := newFixture(t, bothTokens)
	f.login()
	secret := csrfField.FindStringSubmatch(f.page(Root))[1]
	form := func(csrf string) url.Values {
		return url.Values{"asset": {"shop"}, "action": {"freeze"}, "csrf": {csrf}}
	}
	for _, c := range []struct {
		name   string
		form   url.Values
		header []string
		strip  bool // without the cookie
		status int
	}{
		{"genuine", form(secret), nil, false, 303},
		{"no secret", form(""), nil, false, 403},
		{"wrong secret", form(secret[1:] + "A"), nil, false, 403},
		{"another site", form(secret), []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, false, 403},
		{"another name of the same domain", form(secret), []string{"Sec-Fetch-Site", "same-site", "Origin", "http://evil.127.0.0.1:9191"}, false, 403},
		{"an old browser on another site", form(secret), []string{"Sec-Fetch-Site", "", "Origin", "https://evil.example"}, false, 403},
		{"a hidden origin", form(secret), []string{"Sec-Fetch-Site", "", "Origin", "null"}, false, 403},
		{"no cookie", form(secret), nil, true, 403},
		{"as JSON", form(secret), []string{"Content-Type", "application/json"}, false, 403},
	} {
		before, cookie := len(f.entries()), f.cookie
		if c.strip {
			f.cookie = nil
		}
		w := f.do("POST", Root+"learning/asset", c.form, c.header...)
		f.cookie = cookie
		changed := len(f.entries()) - before
		if w.Code != c.status || (changed == 1) != (c.status == 303) {
			t.Errorf("%s: %d, %d entries", c.name, w.Code, changed)
		}
	}
	target := Root + "learning/asset?" + form(secret).Encode()
	if w := f.do("POST", target, nil); w.Code != http.StatusForbidden {
		t.Error("parameters in the address are taken for a form:", w.Code)
	}
	if w := f.do("POST", Root+"login", url.Values{"who": {"Eve"}, "token": {operatorToken}}, "Sec-Fetch-Site", "cross-site"); w.Code != http.StatusForbidden {
		t.Error("another site signs in:", w.Code)
	}
	// The session is no key to the interface, which wants its token.
	if w := f.do("GET", "/v1/learning", nil); w.Code != http.StatusUnauthorized {
		t.Error(w.Code)
	}
}

// Without a token and TLS, a name that was pointed at the address is refused.
func TestRebinding(t *testing.T) {
	for _, c := range []struct {
		host   string
		tokens api.Tokens
		tls    bool
		status int
	}{
		{"127.0.0.1:9191", api.Tokens{}, false, 200}, {"localhost:9191", api.Tokens{}, false, 200}, {"localhost", api.Tokens{}, false, 200}, {"[::1]:9191", api.Tokens{}, false, 200},
		{"evil.example:9191", api.Tokens{}, false, 421}, {"10.0.0.1", api.Tokens{}, false, 421}, {"", api.Tokens{}, false, 421},
		{"evil.example:9191", bothTokens, false, 200}, {"glacis.example", api.Tokens{}, true, 200},
	} {
		console, err := New(Config{API: http.NotFoundHandler(), Tokens: c.tokens})
		if err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequest("GET", Root+"login", nil)
		if req.Host = c.host; c.tls {
			req.TLS = &tls.ConnectionState{}
		}
		w := httptest.NewRecorder()
		console.ServeHTTP(w, req)
		if w.Code != c.status {
			t.Errorf("%+v: %d", c, w.Code)
		}
	}
}

// Who has a client certificate signs in, and decides, by its name.
func TestCertificate(t *testing.T) {
	f := newFixture(t, api.Tokens{})
	send := func(method, target string, form url.Values) *httptest.ResponseRecorder {
		req := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{Subject: pkix.Name{CommonName: "Clara"}}}}
		if f.cookie != nil {
			req.AddCookie(f.cookie)
		}
		w := httptest.NewRecorder()
		f.handler.ServeHTTP(w, req)
		return w
	}
	wants(t, send("GET", Root+"login", nil).Body.String(), "you are <strong>Clara</strong>")
	w := send("POST", Root+"login", url.Values{"who": {"Eve"}})
	f.cookie = w.Result().Cookies()[0]
	csrf := csrfField.FindStringSubmatch(send("GET", Root, nil).Body.String())[1]
	if w := send("POST", Root+"learning/asset", url.Values{"asset": {"shop"}, "action": {"freeze"}, "csrf": {csrf}}); w.Code != http.StatusSeeOther {
		t.Error(w.Code)
	}
	f.cookie = nil
	if got := f.entries(); len(got) != 1 || got[0] != "Clara freeze shop" {
		t.Errorf("%q", got)
	}
}
