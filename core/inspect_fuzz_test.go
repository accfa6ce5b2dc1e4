package core

import (
	"strings"
	"testing"
)

// FuzzInspect: no body panics, and chunks of any size give the values and the
// verdict of the whole.
func FuzzInspect(f *testing.F) {
	e, err := New(Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"a":"b"}`), "application/json", "", uint16(3), uint16(0))
	f.Add([]byte("--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b--"), "multipart/form-data; boundary=b", "", uint16(5), uint16(900))
	f.Add([]byte("a=1&b=%27+or+1"), "application/x-www-form-urlencoded", "", uint16(7), uint16(40000))
	f.Add([]byte("\x1f\x8b\x08\x00\x00"), "", "gzip", uint16(1), uint16(0))
	f.Add([]byte("a\x00b\x00c\x00d\x00"), "", "deflate", uint16(2), uint16(200))
	f.Fuzz(func(t *testing.T, body []byte, contentType, encoding string, chunk, repeat uint16) {
		if n := int(repeat); n > 0 && len(body) > 0 && len(body) < 64 {
			// long bodies, which the fuzzer would never write
			body = append(body, []byte(strings.Repeat(string(body[len(body)/2:]), n/len(body)+1))...)
		}
		r := &Request{Method: "POST", URI: "/", Body: body,
			Headers: []Header{{"Content-Type", contentType}, {"Content-Encoding", encoding}}}
		var whole, parts lister
		e.Visit(r, &whole)
		tx := newTransaction(e, &parts)
		chunked(tx, r, int(chunk)+1)
		if a, b := strings.Join(parts.lines, "\n"), strings.Join(whole.lines, "\n"); a != b {
			t.Fatalf("chunks of %d give other values: %s", int(chunk)+1, difference(a, b))
		}
		v := e.Inspect(r)
		tx = e.Begin()
		w := chunked(tx, r, int(chunk)+1)
		if !sameVerdict(&v, &w) {
			t.Fatalf("%+v in chunks of %d, %+v whole", w, int(chunk)+1, v)
		}
		tx.Close()
	})
}

// FuzzTransactionHeaders: no request line or header panics, every value stays
// within the walk's limits, and a pooled transaction gives the same verdict.
func FuzzTransactionHeaders(f *testing.F) {
	e, err := New(Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("GET", "/a?b=%27", "Cookie", "a=b; c=%7B%22d%22:1%7D")
	f.Add("G\x00T", "http://u@h:1/x;y=z?q#f", "Authorization", "Basic YWRtaW46eA==")
	f.Add("", "*", "X-\xff", "Digest a=\"b\\\"c\", d=e")
	f.Fuzz(func(t *testing.T, method, uri, name, value string) {
		r := &Request{Method: method, URI: uri, Headers: []Header{{name, value}, {name, value}}, Trailers: []Header{{name, value}}}
		v := e.Inspect(r)
		if w := e.Inspect(r); !sameVerdict(&v, &w) {
			t.Fatalf("%+v, then %+v", v, w)
		}
		if v.Score < 0 || v.Score > 100 || v.Uninspected < 0 {
			t.Fatalf("%+v", v)
		}
		if int(v.Confidence) > int(ConfidenceCritical) || len(v.Findings) > maxFindings {
			t.Fatalf("%+v", v)
		}
	})
}
