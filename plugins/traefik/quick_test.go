package traefik

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// upstream notes what reaches it.
type upstream struct {
	body, id string
	reached  int
	err      error
}

// ServeHTTP implements http.Handler.
func (u *upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	u.reached++
	u.id = r.Header.Get("X-Request-Id")
	b, err := io.ReadAll(r.Body)
	u.body = string(b)
	u.err = err
}

// TestQuick sends each request twice, so that the second time its header lines
// have been seen: nothing that a client or the upstream notices may change.
func TestQuick(t *testing.T) {
	const form, json = "application/x-www-form-urlencoded", "application/json"
	cases := []struct {
		mode, target, kind, body string
		code                     int
		proven                   bool
	}{
		{"prevent", "/search?q=green+lamp", "", "", 200, true},
		{"detect", "/search?q=green+lamp", "", "", 200, true},
		{"prevent", hostile, "", "", 403, false},
		{"detect", hostile, "", "", 200, false},
		{"prevent", "/orders", json, `{"name":"green lamp","count":12}`, 200, true},
		{"prevent", "/orders", form, "name=green+lamp&count=12", 200, true},
		{"detect", "/orders", form, "name=green+lamp&count=12", 200, false},
		{"prevent", "/orders", json, `{"name":"1' union select name, password from users-- "}`, 403, false},
		{"prevent", "/orders", form, "name=1'+union+select+name,password+from+users--+", 403, false},
		{"prevent", "/orders", "text/plain", "green lamp", 200, false},
	}
	for _, c := range cases {
		up := &upstream{}
		h, err := New(context.Background(), up, &Config{Engine: "embedded", Mode: c.mode, Log: "off"}, "test")
		if err != nil {
			t.Fatal(err)
		}
		p, ok := h.(*plugin)
		if !ok {
			t.Fatalf("New made a %T", h)
		}
		for round := 0; round < 2; round++ {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, quickRequest(c.target, c.kind, c.body))
			if w.Code != c.code || c.code == 200 && (up.body != c.body || up.err != nil) {
				t.Errorf("%s %s %q, round %d: %d, upstream read %q, %v", c.mode, c.target, c.body, round, w.Code, up.body, up.err)
			}
			if c.code == 200 && (up.id != "") != (c.mode == "prevent") {
				t.Errorf("%s %s, round %d: request id %q", c.mode, c.target, round, up.id)
			}
		}
		if got := p.clean(quickRequest(c.target, c.kind, c.body)); got != c.proven {
			t.Errorf("%s %s %q: proven is %v", c.mode, c.target, c.body, got)
		}
	}
}

func quickRequest(target, kind, body string) *http.Request {
	if kind == "" {
		return httptest.NewRequest("GET", target, http.NoBody)
	}
	r := httptest.NewRequest("POST", target, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	return r
}

// TestQuickID: a harmless id of the client is kept and no obstacle to a proof,
// though it differs each time; another one is.
func TestQuickID(t *testing.T) {
	up := &upstream{}
	h, err := New(context.Background(), up, &Config{Engine: "embedded", Log: "off"}, "test")
	if err != nil {
		t.Fatal(err)
	}
	p, ok := h.(*plugin)
	if !ok {
		t.Fatalf("New made a %T", h)
	}
	cases := []struct {
		id           string
		proven, kept bool
	}{
		{"ac21363d-19bc-44b3-a958-760ebee58d97", true, true},
		{"0c9e1f7a-77bc-4fb3-8958-96cebee58d01", true, true},
		{"short", false, false},
		{"1' or '1'='1", false, false},
	}
	h.ServeHTTP(httptest.NewRecorder(), quickRequest("/search?q=green+lamp", "", "")) // lines must have been seen
	for _, c := range cases {
		r := quickRequest("/search?q=green+lamp", "", "")
		r.Header.Set("X-Request-Id", c.id)
		if got := p.clean(r); got != c.proven {
			t.Errorf("%s: proven is %v", c.id, got)
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
		if (up.id == c.id) != c.kept {
			t.Errorf("the upstream gets %s for %s", up.id, c.id)
		}
	}
	r := quickRequest("/search?q=green+lamp", "", "")
	r.Header["X-Request-Id"] = []string{"0c9e1f7a-77bc", "0c9e1f7a-77bd"}
	if p.clean(r) {
		t.Error("two ids are proven")
	}
}

// TestQuickBrokenOff: a body that ends too early reaches nobody as a whole one.
func TestQuickBrokenOff(t *testing.T) {
	up := &upstream{}
	h, err := New(context.Background(), up, &Config{Engine: "embedded", Log: "off"}, "test")
	if err != nil {
		t.Fatal(err)
	}
	r := quickRequest("/orders", "application/x-www-form-urlencoded", "name=green")
	r.ContentLength = 20
	rest, client := io.Pipe()
	_ = client.CloseWithError(io.ErrUnexpectedEOF)
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader("name=green"), rest))
	h.ServeHTTP(httptest.NewRecorder(), r)
	if up.reached > 0 && up.err == nil {
		t.Errorf("the upstream took %q for a whole body", up.body)
	}
}
