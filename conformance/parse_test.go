package conformance

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glacis-waf/glacis/core"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		raw  string
		want *core.Request // nil: malformed
	}{
		{"GET /a?b HTTP/1.1\r\nHost: h\r\nX:  y \r\n\r\n", &core.Request{Method: "GET", URI: "/a?b", Headers: []core.Header{{Name: "Host", Value: "h"}, {Name: "X", Value: "y"}}, Body: []byte{}}},
		{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc", &core.Request{Method: "POST", URI: "/", Headers: []core.Header{{Name: "Host", Value: "h"}, {Name: "Content-Length", Value: "3"}}, Body: []byte("abc")}},
		{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n1\r\nc\r\n0\r\nT: u\r\n\r\n", &core.Request{Method: "POST", URI: "/", Headers: []core.Header{{Name: "Host", Value: "h"}, {Name: "Transfer-Encoding", Value: "chunked"}}, Body: []byte("abc"), Trailers: []core.Header{{Name: "T", Value: "u"}}}},
		{"GET / HTTP/1.1\r\nHost: h\r\n", nil},
		{"GET  / HTTP/1.1\r\nHost: h\r\n\r\n", nil},
		{"GET / HTTP/1.0\r\nHost: h\r\n\r\n", nil},
		{"GET / HTTP/1.1\r\n\r\n", nil},
		{"GET / HTTP/1.1\r\nHost : h\r\n\r\n", nil},
		{"GET / HTTP/1.1\r\nHost: h\r\nX\r\n\r\n", nil},
		{"GET / HTTP/1.1\r\nHost: h\r\n\r\nx", nil},
		{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", nil},
		{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", nil},
		{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", nil},
		{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", nil},
		{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", nil},
		{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc\r\n", nil},
	} {
		got, err := parse([]byte(c.raw))
		if c.want == nil {
			if err == nil {
				t.Errorf("%q was taken", c.raw)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", c.raw, err)
		} else if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%q: %s", c.raw, d)
		}
	}
}

// TestRenderParse: what is rendered says the same when it is read again, in
// chunks of any size.
func TestRenderParse(t *testing.T) {
	body := strings.Repeat("abcdefg", 100)
	for size := 0; size < 20; size++ {
		r := core.Request{Method: "POST", URI: "/x", Body: []byte(body), Headers: []core.Header{{Name: "A", Value: "b"}}}
		var chunks chunked
		if size > 0 {
			chunks = chunked{size, size + 3}
			r.Trailers = []core.Header{{Name: "T", Value: "u"}}
		}
		m := newMessage("id-00000001", r, chunks)
		got, err := parse(m.Raw)
		if err != nil {
			t.Fatalf("chunks of %d: %v", size, err)
		}
		if d := cmp.Diff(m.Request, got); d != "" {
			t.Errorf("chunks of %d: %s", size, d)
		}
	}
}
