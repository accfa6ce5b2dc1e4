package api

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestRouter(t *testing.T) {
	say := func(text string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, text+" "+r.RequestURI) })
	}
	const token = "a token of some length"
	r := New(token, Route{Pattern: "GET /open", Open: true, Handler: say("open")}, Route{Pattern: "GET /closed", Handler: say("closed")},
		Route{Prefix: "/pre", Handler: say("pre")})
	for _, c := range []struct {
		method, target, header, value string
		status                        int
		body                          string
	}{
		{"GET", "/open", "", "", 200, "open /open"},
		{"POST", "/open", "", "", 405, "no such endpoint"},
		{"GET", "/none", "", "", 404, "no such endpoint"},
		{"GET", "/closed", "", "", 401, "token"},
		{"GET", "/closed", "Authorization", "Bearer wrong", 401, "token"},
		{"GET", "/closed", "Authorization", "Bearer " + token, 200, "closed"},
		{"GET", "/closed", TokenHeader, token, 200, "closed"},
		{"GET", "/closed", TokenHeader, token + "x", 401, ""},
		{"GET", "/pre", TokenHeader, token, 200, "pre /pre"},
		{"BREW", "/pre/a/../..//b?c", TokenHeader, token, 200, "pre /pre/a/../..//b?c"},
		{"OPTIONS", "/pre*", TokenHeader, token, 200, "pre /pre*"},
		{"GET", "/prefix", TokenHeader, token, 404, ""},
		{"GET", "/pre/x", "", "", 401, ""},
	} {
		req := httptest.NewRequest(c.method, c.target, nil)
		if c.header != "" {
			req.Header.Set(c.header, c.value)
		}
		w := httptest.NewRecorder()
		r.ServeHTTP(w, req)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) {
			t.Errorf("%s %s %s: %d %s", c.method, c.target, c.value, w.Code, w.Body)
		}
	}
}

// The token goes no further than the guard.
func TestTokenIsRemoved(t *testing.T) {
	seen := "nothing"
	r := New("a token of some length", Route{Pattern: "GET /x", Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		seen = r.Header.Get(TokenHeader)
	})})
	req := httptest.NewRequest("GET", "/x", nil)
	req.Header.Set(TokenHeader, "a token of some length")
	r.ServeHTTP(httptest.NewRecorder(), req)
	if seen != "" {
		t.Errorf("%q", seen)
	}
}

func TestHealth(t *testing.T) {
	var h Health
	base := serve(t, "a token of some length", h.Routes()...)
	status := func(path string) int {
		res, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	if status("/healthz") != 200 || status("/readyz") != 503 {
		t.Error("before it is ready")
	}
	h.SetReady(true)
	if status("/healthz") != 200 || status("/readyz") != 200 {
		t.Error("when it is ready")
	}
}
