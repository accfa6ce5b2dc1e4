package traefik

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const hostile = "/?q=1%27%20union%20select%20name,password%20from%20users--%20"

// through sends a request through the plugin and returns the answer and what the
// upstream read of the body; reached is false if it never was asked.
func through(t *testing.T, c Config, method, target, body string) (*httptest.ResponseRecorder, string, bool) {
	got := ""
	reached := false
	next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reached = true
		b, err := io.ReadAll(r.Body)
		got = string(b)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
		}
	})
	c.Log = "off"
	h, err := New(context.Background(), next, &c, "test")
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Content-Type", "text/plain")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w, got, reached
}

func TestServe(t *testing.T) {
	embedded := Config{Engine: "embedded"}
	if w, got, _ := through(t, embedded, "POST", "/?q=lamp", "honest words"); w.Code != 200 || got != "honest words" {
		t.Errorf("%d %q", w.Code, got)
	}
	w, _, reached := through(t, embedded, "GET", hostile, "")
	if w.Code != 403 || reached || !strings.Contains(w.Body.String(), `"status":403`) || w.Header().Get("X-Request-Id") == "" {
		t.Errorf("%d %s %v", w.Code, w.Body.String(), w.Header())
	}
	if w, _, reached := through(t, Config{Engine: "embedded", Mode: "detect"}, "GET", hostile, ""); w.Code != 200 || !reached {
		t.Errorf("detect: %d", w.Code)
	}
	if w, _, reached := through(t, Config{Mode: "off"}, "GET", hostile, ""); w.Code != 200 || !reached {
		t.Errorf("off: %d", w.Code)
	}
	long := strings.Repeat("a page of honest words and nothing else\n", 3000)
	if w, got, _ := through(t, embedded, "POST", "/", long); w.Code != 200 || got != long {
		t.Errorf("long body: %d, %d of %d bytes", w.Code, len(got), len(long))
	}
}

// TestNobodyThere: without a sidecar failMode decides, and auto inspects here.
func TestNobodyThere(t *testing.T) {
	const nowhere = "unix:///nowhere/glacis.sock"
	cases := []struct {
		engine, failMode string
		honest, hostile  int
	}{{"sidecar", "open", 200, 200}, {"sidecar", "closed", 503, 503}, {"auto", "closed", 200, 403}}
	for _, c := range cases {
		config := Config{Engine: c.engine, FailMode: c.failMode, Sidecar: nowhere}
		for i := 0; i <= tripAfter; i++ {
			if w, _, _ := through(t, config, "GET", "/?q=lamp", ""); w.Code != c.honest {
				t.Errorf("%s %s: an honest request got %d", c.engine, c.failMode, w.Code)
			}
			if w, _, _ := through(t, config, "GET", hostile, ""); w.Code != c.hostile {
				t.Errorf("%s %s: an attack got %d", c.engine, c.failMode, w.Code)
			}
		}
	}
}
