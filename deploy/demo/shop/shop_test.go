package shop

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func open(t *testing.T) (*Shop, *httptest.Server) {
	t.Helper()
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(func() { server.Close(); s.Close() })
	return s, server
}

func body(t *testing.T, res *http.Response, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return string(b)
}

// The shop works for those who mean well …
func TestShop(t *testing.T) {
	_, server := open(t)
	res, err := http.Get(server.URL + "/search?q=shoes")
	if got := body(t, res, err); !strings.Contains(got, "Trail Shoes") || strings.Contains(got, HiddenProduct) {
		t.Errorf("search: %q", got)
	}
	res, err = http.PostForm(server.URL+"/products/2/reviews", url.Values{"author": {"Ann"}, "text": {"dry & warm"}})
	if got := body(t, res, err); !strings.Contains(got, "<b>Ann</b>: dry & warm") {
		t.Errorf("review: %q", got)
	}
	res, err = http.Post(server.URL+"/api/login", "application/json", strings.NewReader(`{"user":"ann","password":"hunter2"}`))
	if got := body(t, res, err); !strings.Contains(got, "welcome back, ann") {
		t.Errorf("login: %q", got)
	}
	res, err = http.Post(server.URL+"/api/orders", "application/json", strings.NewReader(`{"customer":"o'brien","items":[{"product":1,"quantity":2}]}`))
	if got := body(t, res, err); !strings.Contains(got, `"order":1`) {
		t.Errorf("order: %q", got)
	}
	res, err = http.Get(server.URL + "/api/orders/1")
	if got := body(t, res, err); !strings.Contains(got, `"o'brien"`) {
		t.Errorf("order: %q", got)
	}
	res, err = http.Get(server.URL + "/download?file=manual.txt")
	if got := body(t, res, err); !strings.Contains(got, "waterproof") {
		t.Errorf("download: %q", got)
	}
}

// … says no to the wrong password and to products that are hidden …
func TestShopIsNotOpenToEverything(t *testing.T) {
	_, server := open(t)
	for path, want := range map[string]int{"/products/8": 404, "/products/99": 404, "/api/orders/7": 404, "/download?file=none": 404,
		"/fetch?url=" + url.QueryEscape("http://192.0.2.1/"): 400, "/fetch?url=file:///etc/passwd": 400} {
		res, err := http.Get(server.URL + path)
		body(t, res, err)
		if res.StatusCode != want {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
	res, err := http.Post(server.URL+"/api/login", "application/json", strings.NewReader(`{"user":"admin","password":"guess"}`))
	if body(t, res, err); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("login: %s", res.Status)
	}
}

// … and serves nobody but this machine.
func TestOnlyLocalVisitors(t *testing.T) {
	s, _ := open(t)
	for addr, want := range map[string]int{"127.0.0.1:5": 200, "[::1]:5": 200, "[::ffff:127.0.0.1]:5": 200, "192.0.2.7:5": 403, "nonsense": 403} {
		req, rec := httptest.NewRequest("GET", "/", nil), httptest.NewRecorder()
		req.RemoteAddr = addr
		s.ServeHTTP(rec, req)
		if rec.Code != want {
			t.Errorf("%s: %d", addr, rec.Code)
		}
	}
}
