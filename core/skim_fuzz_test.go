package core

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// skimPair returns an engine and one that skims.
func skimPair(t testing.TB) (*Engine, *Engine) {
	plain, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	skimming, err := New(Config{Interpreter: Interpreted()})
	if err != nil {
		t.Fatal(err)
	}
	return plain, skimming
}

// sameWalk inspects a request with both engines and compares the verdicts and
// what they counted, which decides where limits bite later.
//
// It does so twice, because the second time outcomes are recalled.
func sameWalk(t *testing.T, plain, skimming *Engine, r *Request) {
	t.Helper()
	sameOnce(t, plain, skimming, r)
	sameOnce(t, plain, skimming, r)
}

func sameOnce(t *testing.T, plain, skimming *Engine, r *Request) {
	t.Helper()
	a, b := plain.Begin(), skimming.Begin()
	defer a.Close()
	defer b.Close()
	a.run(r)
	b.Source(r.Source)
	b.RequestLine(r.Method, r.URI)
	b.Headers(fmt.Sprintf("%q", r.Headers), func() {
		for i := range r.Headers {
			b.Header(r.Headers[i].Name, r.Headers[i].Value)
		}
	})
	b.Body(r.Body)
	for i := range r.Trailers {
		b.Trailer(r.Trailers[i].Name, r.Trailers[i].Value)
	}
	if x, y := a.End(), b.End(); !reflect.DeepEqual(x, y) {
		t.Fatalf("%s %s %q\n%q\ngot  %+v\nwant %+v", r.Method, r.URI, r.Headers, r.Body, y, x)
	} else if len(r.Trailers) == 0 {
		sameClean(t, skimming, r, &x)
	}
	v1, d1 := a.walker.Spent()
	v2, d2 := b.walker.Spent()
	if v1 != v2 || d1 != d2 || a.walker.Counts != b.walker.Counts {
		t.Fatalf("%s %s %q\n%q\ncounted %d values, %d bytes, %+v, want %d, %d, %+v", r.Method, r.URI, r.Headers, r.Body,
			v2, d2, b.walker.Counts, v1, d1, a.walker.Counts)
	}
}

// sameClean checks that what is proven clean has such a verdict.
func sameClean(t *testing.T, skimming *Engine, r *Request, want *Verdict) {
	t.Helper()
	score := skimming.Clean(r.Method, r.URI, fmt.Sprintf("%q", r.Headers), Header{}, r.Body)
	if score < 0 {
		return
	}
	if got := (Verdict{Model: skimming.name, Score: score}); !reflect.DeepEqual(&got, want) {
		t.Fatalf("%s %s %q\nproven %+v\nwant %+v", r.Method, r.URI, r.Headers, got, *want)
	}
}

// FuzzSkim: skimming changes no verdict and no count.
func FuzzSkim(f *testing.F) {
	for _, s := range []string{"a=1&b=two+words&c=%41%20b&d=", "a=1&a=2", "=x&&y&", "user[name]=a&q=%2527", "q=a:1:{s:1;}", "q=1,Information2x,aaaa"} {
		f.Add("/search?"+s, "text/plain", s)
		f.Add("/a/SGVsbG8gd29ybGQh/b", "application/x-www-form-urlencoded", s)
	}
	for _, s := range []string{`{"a":[1,2,{"b":"c d"}],"e":null}`, `{"a":"SGVsbG8gd29ybGQh"}`, `[[[[[]]]],"x"]`, `{"$where":"1"}`, `{"a":"3c7363726970743e616c657274"}`} {
		f.Add("/", "application/json", s)
	}
	f.Add("/x?u=/?a=b", "a", "ca\nb\n")
	for _, s := range []string{"/", "/a?b=c+d&e=&f=1", "/a?b=?", "/a=b?c=d", "/a?a=1&a=2", "/a?=1", "/?a=b", "/a/b0x2e0x2e?c=d", "/a?" + label('n') + "1=a&" + label('n') + "2=b"} {
		f.Add(s, "en", "")
	}
	f.Add("/x?u=0x2e0x2e", "a", "a: b\nc: d")
	plain, skimming := skimPair(f)
	f.Fuzz(func(t *testing.T, uri, header, body string) {
		method := "POST"
		if body == "" {
			method = "GET"
		}
		r := &Request{Method: method, URI: uri, Body: []byte(body),
			Headers: []Header{{Name: "Content-Type", Value: header}, {Name: "Cookie", Value: body}, {Name: "X-Note", Value: header}}}
		sameWalk(t, plain, skimming, r)
	})
}

// label is a name as long as what is kept of one.
func label(b byte) string { return strings.Repeat(string(rune(b)), 64) }
