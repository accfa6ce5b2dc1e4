package conformance

import (
	"net/http"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
)

func TestLinesDiffer(t *testing.T) {
	h := func(lines ...string) []core.Header {
		out, err := headerLines(lines)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, c := range []struct {
		name string
		sent []core.Header
		got  http.Header
		want string // "" for the same
	}{
		{"same", h("x-a: 1", "X-B:  2 "), http.Header{"X-A": {"1"}, "X-B": {"2"}}, ""},
		{"added by the gateway", h("X-A: 1"), http.Header{"X-A": {"1"}, "X-Forwarded-For": {"127.0.0.1"}}, ""},
		{"joined", h("X-A: 1", "X-A: 2"), http.Header{"X-A": {"1, 2"}}, ""},
		{"cookies joined", h("Cookie: a=1", "Cookie: b=2"), http.Header{"Cookie": {"a=1; b=2"}}, ""},
		{"first of two agents", h("User-Agent: a", "User-Agent: b"), http.Header{"User-Agent": {"a"}}, ""},
		{"second of two agents", h("User-Agent: a", "User-Agent: b"), http.Header{"User-Agent": {"b"}}, "User-Agent"},
		{"hop by hop", h("Connection: close, X-Hop", "X-Hop: 1", "TE: trailers"), http.Header{}, ""},
		{"gone", h("X-A: 1"), http.Header{}, "X-A"},
		{"changed", h("X-A: 1"), http.Header{"X-A": {"2"}}, "X-A"},
		{"twice", h("X-A: 1"), http.Header{"X-A": {"1", "1"}}, "X-A"},
		{"order", h("X-A: 1", "X-A: 2"), http.Header{"X-A": {"2", "1"}}, "X-A"},
	} {
		if got := linesDiffer(c.sent, c.got); (got == "") != (c.want == "") || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
