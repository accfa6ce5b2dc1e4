package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/gateway"
)

// Each gateway's own way of asking, as testdata/authz.json has it.
func TestAuthz(t *testing.T) {
	data, err := os.ReadFile("testdata/authz.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name, Method, Target, Body string
		Headers                    map[string][]string
		Status                     int
		Event                      map[string]any
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			service, events := newService(t, gateway.Settings{Log: gateway.LogAll}, nil)
			req := httptest.NewRequest(c.Method, c.Target, strings.NewReader(c.Body))
			req.Host = "shop.test"
			for name, values := range c.Headers {
				req.Header[name] = values
			}
			w := httptest.NewRecorder()
			New("", Authz(service)...).ServeHTTP(w, req)
			if w.Code != c.Status {
				t.Errorf("status %d: %s", w.Code, w.Body)
			}
			text := events()
			if c.Event == nil {
				if text != "" {
					t.Errorf("event %s", text)
				}
				return
			}
			var got map[string]any
			if err := json.Unmarshal([]byte(text), &got); err != nil {
				t.Fatalf("%v: %s", err, text)
			}
			for key, want := range c.Event {
				if got[key] != want {
					t.Errorf("%s is %v, want %v", key, got[key], want)
				}
			}
			if w.Header().Get("X-Request-Id") != got["event.id"] {
				t.Errorf("answered id %q, reported %v", w.Header().Get("X-Request-Id"), got["event.id"])
			}
		})
	}
}

const attack = "/?q=1'+union+select+name,password+from+users--+-"

func TestAuthzModes(t *testing.T) {
	for mode, want := range map[string]int{gateway.Prevent: 403, gateway.Detect: 200, gateway.Off: 200} {
		service, _ := newService(t, gateway.Settings{Mode: mode}, nil)
		w := httptest.NewRecorder()
		New("", Authz(service)...).ServeHTTP(w, httptest.NewRequest("GET", "/v1/authz/envoy"+attack, nil))
		if w.Code != want {
			t.Errorf("%s: %d", mode, w.Code)
		}
	}
}

func TestAuthzRefusal(t *testing.T) {
	service, _ := newService(t, gateway.Settings{}, nil)
	handler := New("", Authz(service)...)
	for accept, want := range map[string]string{"text/html": "text/html; charset=utf-8", "*/*": "application/problem+json"} {
		req := httptest.NewRequest("GET", "/v1/authz/envoy"+attack, nil)
		req.Header.Set("Accept", accept)
		req.Header.Set("X-Request-Id", "client-id-1")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, req)
		if h := w.Header(); w.Code != 403 || h.Get("Content-Type") != want || h.Get("X-Request-Id") != "client-id-1" || !strings.Contains(w.Body.String(), "client-id-1") {
			t.Errorf("%d %v %s", w.Code, h, w.Body)
		}
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodHead, "/v1/authz/envoy"+attack, nil))
	if w.Code != 403 || w.Body.Len() != 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
