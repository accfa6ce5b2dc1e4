package traefik

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestMessage(t *testing.T) {
	r := httptest.NewRequest("POST", "/a%20b?q=%27", strings.NewReader("body"))
	r.Host = "shop.test"
	r.Header.Add("X-Two", "1")
	r.Header.Add("X-Two", "2")
	r.Header.Set("Accept", "*/*")
	head := new(bytes.Buffer)
	chunked := writeHead(head, r)
	want := "POST /a%20b?q=%27 HTTP/1.1\r\nHost: shop.test\r\nAccept: */*\r\nX-Two: 1\r\nX-Two: 2\r\n\r\n"
	if head.String() != want || chunked {
		t.Errorf("%q, chunked %v", head.String(), chunked)
	}
	r.ContentLength = -1
	r.Trailer = http.Header{"X-Sum": nil}
	head.Reset()
	chunked = writeHead(head, r)
	if !strings.HasSuffix(head.String(), "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n") || !chunked {
		t.Errorf("%q, chunked %v", head.String(), chunked)
	}
	body := appendEnd(appendChunk(appendChunk(nil, []byte("seventeen letters")), []byte("x")), http.Header{"X-Sum": {"9"}})
	if string(body) != "11\r\nseventeen letters\r\n1\r\nx\r\n0\r\nX-Sum: 9\r\n\r\n" {
		t.Errorf("%q", body)
	}
}
