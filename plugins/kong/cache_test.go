package kong

import (
	"fmt"
	"testing"

	driver "github.com/glacis-waf/glacis/conformance/kong"
	"github.com/glacis-waf/glacis/core"
)

// hits sends a request and returns by how much it raised the hits.
func (r *rig) hits(want int, q *driver.Request) int64 {
	r.Helper()
	before := r.server.counters.hits.Load()
	r.wantStatus(want, q)
	r.server.cache.entries.Wait()
	return r.server.counters.hits.Load() - before
}

func TestCacheRemembersWhatComesAgain(t *testing.T) {
	r := newRig(t, `{"cache":true,"log":"all"}`, Options{CacheBytes: 1 << 20})
	form := post("q=1' UNION SELECT username,password FROM users-- ")
	form.URI = "/other"
	for name, c := range map[string]struct {
		request *driver.Request
		status  int
	}{
		"get":    {get("/items?q=chair", "test-cache-0001"), 0},
		"attack": {get(attack, "test-cache-0002"), 403},
		"post":   {post("a=1"), 0},
		"form":   {form, 403},
	} {
		var got [4]int64
		for i := range got {
			got[i] = r.hits(c.status, c.request)
		}
		if got[0] != 0 || got[1] != 0 || got[2] == 0 || got[3] != got[2] {
			t.Errorf("%s: hits %v, want none, none, some", name, got)
		}
	}
	// A hit is counted and reported like any other request.
	if n := r.server.counters.total(); n != 16 {
		t.Errorf("counted %d requests", n)
	}
}

// TestCacheKey: what differs in anything that is inspected is not taken for the
// same.
func TestCacheKey(t *testing.T) {
	r := newRig(t, `{"cache":true,"log":"off"}`, Options{CacheBytes: 1 << 20})
	plain := get("/items?q=chair", "test-cache-0001")
	for range 3 {
		r.hits(0, plain)
	}
	for i, change := range []func(*driver.Request){
		func(q *driver.Request) { q.Method = "HEAD" },
		func(q *driver.Request) { q.URI += "s" },
		func(q *driver.Request) { q.Headers[1].Value += "s" },
		func(q *driver.Request) { q.Headers[1].Name += "s" },
		func(q *driver.Request) { q.Headers = append(q.Headers, q.Headers[1]) },
		func(q *driver.Request) { q.Headers = q.Headers[:2] },
		func(q *driver.Request) { // the same bytes, cut elsewhere
			q.Headers[1] = driver.Header{Name: "User-Agentt", Value: "est"}
		},
	} {
		other := get("/items?q=chair", "test-cache-0001")
		change(other)
		if n := r.hits(0, other); n != 0 {
			t.Errorf("change %d: taken for the same", i)
		}
	}
	if r.hits(0, plain) != 1 {
		t.Error("the same is not taken for the same")
	}
	if err := r.kong.Reconfigure(`{"cache":true,"log":"off","confidence":"critical","deadline_ms":30000}`); err != nil {
		t.Fatal(err)
	}
	if r.hits(0, plain) != 0 {
		t.Error("the verdict of another policy was taken")
	}
}

// BenchmarkCache times a look-up that finds, with the hashing.
func BenchmarkCache(b *testing.B) {
	c, err := newCache(1 << 20)
	if err != nil {
		b.Fatal(err)
	}
	defer c.close()
	h := head{method: "GET", target: "/items/42?sort=price"}
	for i := range 12 {
		h.headers = append(h.headers, core.Header{Name: fmt.Sprint("x-header-", i), Value: "a value of the usual length, or a bit more than that"})
	}
	var sum key
	find := func() bool {
		f := c.fingerprint()
		defer c.release(f)
		f.head(1, &h)
		sum = f.sum(sum[:0])
		_, ok := c.find(sum)
		return ok
	}
	find()
	var v core.Verdict
	c.keep(sum, v)
	c.keep(sum, v)
	c.entries.Wait()
	b.ReportAllocs()
	for b.Loop() {
		if !find() {
			b.Fatal("not found")
		}
	}
}
