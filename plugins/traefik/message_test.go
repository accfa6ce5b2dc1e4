package traefik

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
)

func TestMessage(t *testing.T) {
	r := httptest.NewRequest("POST", "/a%20b?q=%27", strings.NewReader("body"))
	r.Host = "shop.test"
	r.Header.Add("X-Two", "1")
	r.Header.Add("X-Two", "2")
	r.Header.Set("Accept", "*/*")
	head, chunked := appendHead(nil, r)
	want := "POST /a%20b?q=%27 HTTP/1.1\r\nHost: shop.test\r\nAccept: */*\r\nX-Two: 1\r\nX-Two: 2\r\n\r\n"
	if string(head) != want || chunked {
		t.Errorf("%q, chunked %v", head, chunked)
	}
	r.ContentLength = -1
	r.Trailer = http.Header{"X-Sum": nil}
	head, chunked = appendHead(nil, r)
	if !strings.HasSuffix(string(head), "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n") || !chunked {
		t.Errorf("%q, chunked %v", head, chunked)
	}
	body := appendEnd(appendChunk(appendChunk(nil, []byte("seventeen letters")), []byte("x")), http.Header{"X-Sum": {"9"}})
	if string(body) != "11\r\nseventeen letters\r\n1\r\nx\r\n0\r\nX-Sum: 9\r\n\r\n" {
		t.Errorf("%q", body)
	}
}

// TestAnswer: the plugin's own confidence decides about the sidecar's verdict.
func TestAnswer(t *testing.T) {
	a := answer{Confidence: "medium", Score: 60, Family: "sqli", Location: "query.q"}
	v := a.verdict(core.ConfidenceHigh)
	if v.Action != core.Pass || v.Score != 60 || v.Family.Name() != "sqli" || v.Confidence != core.ConfidenceMedium {
		t.Errorf("%+v", v)
	}
	v = a.verdict(core.ConfidenceMedium)
	if v.Action != core.Block {
		t.Errorf("%+v", v)
	}
}
