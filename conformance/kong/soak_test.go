package kong

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// TestSoak sends many different requests through the plugin server and checks
// that its memory, threads and open files do not grow. SOAK is the number of
// requests, 3,000 without it, 30,000 in `make soak-kong`.
func TestSoak(t *testing.T) {
	n := 3000
	if s := os.Getenv("SOAK"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatalf("SOAK: %v", err)
		}
	}
	events := &process.Log{}
	// A small cache is full after the warm-up, so that its growth is no leak.
	p := Launch(t, Build(t), events, "-cache-bytes", "1000000")
	c := &Client{Socket: p.Socket, Plugin: "glacis", Config: `{"log":"blocked","deadline_ms":30000}`}
	defer c.Close()
	round := func(from, to int) {
		var all sync.WaitGroup
		for w := range 8 {
			all.Go(func() {
				for i := from + w; i < to; i += 8 {
					soakOne(t, c, i)
				}
			})
		}
		all.Wait()
	}
	round(0, n/2)
	rss, threads, files := p.RSS(t), p.Threads(t), p.files(t)
	round(n/2, n+n/2)
	t.Logf("after %d requests: RSS %d KiB, before the last %d: %d KiB; threads %d and %d; files %d and %d",
		n+n/2, p.RSS(t)>>10, n, rss>>10, p.Threads(t), threads, p.files(t), files)
	if grown := p.RSS(t) - rss; grown > 12<<20 {
		t.Errorf("resident memory grew by %d KiB in %d requests", grown>>10, n)
	}
	if grown := p.Threads(t) - threads; grown > 8 {
		t.Errorf("%d more threads", grown)
	}
	if grown := p.files(t) - files; grown > 8 {
		t.Errorf("%d more open files", grown)
	}
	if err := p.Terminate(); err != nil {
		t.Errorf("ended with %v", err)
	}
	soakCounters(t, events.String(), n+n/2)
}

// soakOne sends the i-th request: reads, forms, files, attacks, and now and
// then a new configuration.
func soakOne(t *testing.T, c *Client, i int) {
	q := &Request{Method: "GET", URI: fmt.Sprintf("/items/%d?page=%d&q=chair", i, i%7), Address: "192.0.2.1",
		Headers: []Header{{"Host", "shop.example"}, {"User-Agent", "soak"}, {"Cookie", fmt.Sprintf("sid=%x", i*7919)}}}
	want := 0
	switch {
	case i%500 == 499:
		if err := c.Reconfigure(fmt.Sprintf(`{"log":"blocked","deadline_ms":%d}`, 30000-i%3)); err != nil {
			t.Error(err)
		}
	case i%10 == 3:
		q.URI, want = attack, 403
	case i%10 == 5:
		q.Method, q.Body = "POST", []byte(strings.Repeat("word=text&", i%900))
		q.Headers = append(q.Headers, Header{"Content-Length", "1"})
	}
	if o, err := c.Access(q); err != nil || o.Status != want {
		t.Errorf("request %d: %v, %v", i, o, err)
	}
}

// soakCounters checks the counters that the server writes at its end.
func soakCounters(t *testing.T, log string, requests int) {
	var last map[string]any
	for line := range strings.Lines(log) {
		if strings.HasPrefix(line, `{"event.kind":"metric"`) {
			if err := json.Unmarshal([]byte(line), &last); err != nil {
				t.Fatal(err)
			}
		}
	}
	total := 0.0
	for name, value := range last {
		if n, ok := value.(float64); ok && strings.HasPrefix(name, "glacis.requests.") {
			total += n
		} else if ok && strings.HasPrefix(name, "glacis.faults.") && n > 0 {
			t.Errorf("%s is %v", name, n)
		}
	}
	if total != float64(requests) {
		t.Errorf("%v requests were counted, want %d: %v", total, requests, last)
	}
}
