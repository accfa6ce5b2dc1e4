package core

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"runtime"
	"strings"
	"sync"
	"testing"
)

func cleanRequests() []*Request {
	headers := []Header{{"Host", "shop.example.test"},
		{"User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"},
		{"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
		{"Cookie", "session=8f9a4cbd787f6c813ebe559c854d6e2a; lang=en; cart=eyJpdGVtcyI6IFs4MTA0LCA0ODMwXX0"}}
	json := Header{"Content-Type", "application/json"}
	form := Header{"Content-Type", "application/x-www-form-urlencoded"}
	part := Header{"Content-Type", "multipart/form-data; boundary=b"}
	gz := Header{"Content-Encoding", "gzip"}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write([]byte(`{"name":"Anna","zip":"10115"}`))
	z.Close()
	text := strings.Repeat("The quick brown fox jumps over the lazy dog. ", 2000)
	return []*Request{
		{Method: "GET", URI: "/search?q=red+shoes&page=2&sort=price%20up", Headers: headers},
		{Method: "POST", URI: "/api", Headers: append(headers[:4:4], json), Body: []byte(`{"name":"Anna","tags":["a","b\u0020c"],"n":{"x":1.5}}`)},
		{Method: "POST", URI: "/form", Headers: append(headers[:4:4], form), Body: []byte("a=1&b=two+words&c=" + strings.Repeat("x+y+", 20000))},
		{Method: "POST", URI: "/up", Headers: append(headers[:4:4], part), Body: []byte("--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n\r\n" + text + "\r\n--b--")},
		{Method: "POST", URI: "/zip", Headers: append(headers[:4:4], json, gz), Body: zipped.Bytes()},
	}
}

// TestNoAllocations checks that a clean request allocates nothing once the pool
// is warm.
func TestNoAllocations(t *testing.T) {
	if !poolKeeps() {
		t.Skip("the race detector makes sync.Pool forget")
	}
	e, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range cleanRequests() {
		if v := e.Inspect(r); v.Confidence != ConfidenceNone {
			t.Logf("request %d is not clean to the model (%s %q): findings allocate", i, v.Location, v.Window)
			continue
		}
		if n := testing.AllocsPerRun(50, func() { e.Inspect(r) }); n >= 1 {
			t.Errorf("request %d: %v allocations", i, n)
		}
	}
}

// poolKeeps reports whether a sync.Pool gives back what was put into it.
func poolKeeps() bool {
	var p sync.Pool
	for i := 0; i < 100; i++ {
		p.Put(new(int))
		if p.Get() == nil {
			return false
		}
	}
	return true
}

// TestMemory checks that a transaction never owns more than 256 KiB, whatever
// it has been through.
func TestMemory(t *testing.T) {
	e, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	var inner, outer bytes.Buffer
	z := gzip.NewWriter(&inner)
	z.Write([]byte("some text in a stream in a stream"))
	z.Close()
	z = gzip.NewWriter(&outer)
	z.Write([]byte(`{"a":"` + base64.StdEncoding.EncodeToString(inner.Bytes()) + `","b":` + strings.Repeat(`[{"c":"{\"d\":\"e\"}"},`, 200)))
	z.Close()
	nested := "x"
	for i := 0; i < 30; i++ {
		nested = "a=" + strings.NewReplacer("%", "%25", "=", "%3D", "&", "%26").Replace(nested) + "&b=1"
		if len(nested) > 20000 {
			break
		}
	}
	requests := append(cleanRequests(),
		&Request{Method: "POST", URI: "/?" + nested, Headers: []Header{{"Content-Encoding", "gzip"}, {"X", strings.Repeat("long ", 9000)}}, Body: outer.Bytes()})
	const n = 16
	var keep [n]*Transaction
	before := heap()
	for i := range keep {
		tx := newTransaction(e, nil)
		for _, r := range requests {
			tx.run(r)
			tx.reset()
		}
		keep[i] = tx
	}
	each := (heap() - before) / n
	runtime.KeepAlive(&keep)
	t.Logf("%d bytes each", each)
	if each > 256<<10 {
		t.Errorf("a transaction owns %d bytes, more than 256 KiB", each)
	}
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestConcurrent runs one engine from several goroutines; with -race it shows
// that they share nothing. Verdicts must not depend on what a pooled
// transaction did before.
func TestConcurrent(t *testing.T) {
	e, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	requests := cleanRequests()
	for _, c := range loadChunks(t) {
		requests = append(requests, c.request())
	}
	want := make([]Verdict, len(requests))
	for i, r := range requests {
		fresh, err := New(Config{})
		if err != nil {
			t.Fatal(err)
		}
		want[i] = fresh.Inspect(r)
	}
	var wg sync.WaitGroup
	for g := 0; g < 4; g++ {
		wg.Add(1)
		go func(g int) {
			defer wg.Done()
			for k := range requests {
				i := (k*7 + g*3) % len(requests)
				if v := e.Inspect(requests[i]); !sameVerdict(&v, &want[i]) {
					t.Errorf("request %d: %+v, alone %+v", i, v, want[i])
				}
			}
		}(g)
	}
	wg.Wait()
}
