package main

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/conformance/internal/process"
	"github.com/glacis-waf/glacis/core"
)

// protect is a small gateway with the engine in it.
func protect(t *testing.T, upstream string) *httptest.Server {
	t.Helper()
	engine, err := core.New(core.Config{})
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: upstream})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		in := core.Request{Method: r.Method, URI: r.RequestURI, Body: body}
		for name, values := range r.Header {
			for _, v := range values {
				in.Headers = append(in.Headers, core.Header{Name: name, Value: v})
			}
		}
		if v := engine.Inspect(&in); v.Action == core.Block {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func TestRun(t *testing.T) {
	backend := process.Address(t)
	gateway := protect(t, backend)
	var out strings.Builder
	err := command(t.Context(), []string{"run", "--url", gateway.URL, "--backend-listen", backend, "--group", "sqli"}, &out)
	if err != nil || !strings.Contains(out.String(), "84 ok") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestRunUnprotected(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer upstream.Close()
	err := command(t.Context(), []string{"--url", upstream.URL}, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "wired wrongly") {
		t.Errorf("%v", err)
	}
}

// TestRunDiffers: a gateway that blocks only the probes' words is found out.
func TestRunDiffers(t *testing.T) {
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || strings.Contains(r.RequestURI+string(body), "UNION") {
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	defer gateway.Close()
	var out strings.Builder
	err := command(t.Context(), []string{"run", "--url", gateway.URL, "--case", "sqli/tautology"}, &out)
	if !errors.Is(err, errDiffers) || !strings.Contains(out.String(), "want block, got pass") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestUsage(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"", "want run, list or table"},
		{"check", `command "check"`},
		{"run --url shop", "want http://host:port"},
		{"run --url http://127.0.0.1:1 --group nosuch", "no case in group"},
		{"run --url http://127.0.0.1:1 --policy nosuch", "none of these cases"},
		{"list --group nosuch", "no case in group"},
		{"table --results /nonexistent", "run make conformance"},
	} {
		if err := command(t.Context(), strings.Fields(c.args), io.Discard); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.args, err, c.want)
		}
	}
}

func TestList(t *testing.T) {
	var out strings.Builder
	if err := command(t.Context(), []string{"list", "--group", "protocol"}, &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	if !slices.ContainsFunc(lines, func(l string) bool {
		return strings.HasPrefix(l, "protocol/te-and-length\tpass or refuse\tnot a valid")
	}) {
		t.Errorf("%s", out.String())
	}
}
