package kong

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// TestStock: the same plugin under go-pdk's own server.
func TestStock(t *testing.T) {
	events := &process.Log{}
	p := Launch(t, Build(t), events, "-stock")
	c := &Client{Socket: p.Socket, Plugin: "glacis", Config: `{"log":"all","deadline_ms":30000,"fail_mode":"closed"}`}
	defer c.Close()
	file := filepath.Join(t.TempDir(), "body")
	if err := os.WriteFile(file, []byte(strings.Repeat("a", 20000)+"&"+badForm), 0o600); err != nil {
		t.Fatal(err)
	}
	head := func(more ...Header) []Header {
		return append([]Header{{"Host", "x"}, {"X-Request-Id", "test-stock-01"}, {"X-A", "a\xff\xfe"}, {"Content-Type", "application/x-www-form-urlencoded"}}, more...)
	}
	length := Header{"Content-Length", "60"}
	for name, q := range map[string]struct {
		request Request
		want    int
	}{
		"pass":         {Request{Method: "GET", URI: "/", Headers: head()}, 0},
		"attack":       {Request{Method: "GET", URI: attack + "\xff", Headers: head()}, 403},
		"body":         {Request{Method: "POST", URI: "/", Headers: head(length), Body: []byte(badForm)}, 403},
		"file":         {Request{Method: "POST", URI: "/", Headers: head(length), BodyFile: file}, 403},
		"no file":      {Request{Method: "POST", URI: "/", Headers: head(length), BodyFile: file + "x"}, 503},
		"body error":   {Request{Method: "POST", URI: "/", Headers: head(length), BodyError: "none"}, 503},
		"HTTP/2, body": {Request{Method: "POST", URI: "/", Version: 2, Headers: head(), Body: []byte(badForm)}, 403},
	} {
		o, err := c.Access(&q.request)
		if err != nil || o.Status != q.want {
			t.Errorf("%s: %+v, %v, want status %d", name, o, err, q.want)
		}
	}
	if !strings.Contains(events.String(), `"observer.name":"kong/stock"`) {
		t.Errorf("no event in %s", events)
	}
}
