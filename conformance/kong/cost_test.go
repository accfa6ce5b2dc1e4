package kong

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// costRequests are the requests whose cost is measured.
func costRequests() map[string]*Request {
	browser := []Header{{"Host", "shop.example"}, {"Connection", "keep-alive"}, {"Accept-Language", "en-US,en;q=0.9,de;q=0.8"},
		{"User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"},
		{"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}, {"Accept-Encoding", "gzip, deflate, br"},
		{"Cookie", "session=0c5c1b5ef4c24bd18d0a; theme=dark; consent=yes"}, {"Referer", "https://shop.example/items?page=2"},
		{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Mode", "navigate"}, {"Sec-Fetch-Dest", "document"}}
	get := &Request{Method: "GET", URI: "/items/42?sort=price&page=2", Address: "192.0.2.1", Headers: browser}
	post := &Request{Method: "POST", URI: "/api/orders", Address: "192.0.2.1",
		Headers: append(slices.Clone(browser), Header{"Content-Type", "application/json"}, Header{"Content-Length", "1024"}),
		Body:    []byte(`{"items":[` + strings.Repeat(`{"sku":"CH-1042","name":"wooden chair","count":2,"price":49.5},`, 15) + `{}]}`)}
	return map[string]*Request{"GET": get, "POST 1 KB": post}
}

// vary makes the n-th request different from the others, so that nothing is
// remembered of it.
func vary(q *Request, n int) *Request {
	r := *q
	r.URI = fmt.Sprintf("%s?n=%d", strings.Split(q.URI, "?")[0], n)
	return &r
}

// TestCost prints what the plugin server costs: processor time of its process
// per request over the driver, as differences in one run of interleaved rounds.
// `make bench-kong` runs it; `go test` does a short round to see that it works.
func TestCost(t *testing.T) {
	rounds, n := 1, 100
	if os.Getenv("COST") != "" {
		rounds, n = 7, 4000
	}
	executable := Build(t)
	type variant struct {
		name, config string
		flags        []string
		same         bool
		client       *Client
		process      *Process
		spent        map[string][]time.Duration
	}
	const on = `{"deadline_ms":30000,"cache":true}`
	variants := []*variant{
		{name: "event without a call (mode off)", config: `{"mode":"off"}`},
		{name: "own loop, no cache", config: on, flags: []string{"-cache-bytes", "0"}},
		{name: "own loop, cache, all new", config: on},
		{name: "own loop, cache, all known", config: on, same: true},
		{name: "stock server, no cache", config: on, flags: []string{"-stock", "-cache-bytes", "0"}},
		{name: "stock server, event without a call", config: `{"mode":"off"}`, flags: []string{"-stock"}},
	}
	for _, v := range variants {
		v.process = Launch(t, executable, &process.Log{}, v.flags...)
		v.client = &Client{Socket: v.process.Socket, Plugin: "glacis", Config: v.config}
		defer v.client.Close()
		v.spent = map[string][]time.Duration{}
	}
	requests := costRequests()
	serial := 0
	for round := range rounds + 1 {
		for kind, q := range requests {
			for _, v := range variants {
				before, err := cpuTime(v.process.PID())
				if err != nil {
					t.Skipf("processor time is read from Linux's /proc: %v", err)
				}
				for range n {
					r := q
					if serial++; !v.same {
						r = vary(q, serial)
					}
					if o, err := v.client.Access(r); err != nil || o.Exit {
						t.Fatalf("%s: %v, %v", v.name, o, err)
					}
				}
				after, err := cpuTime(v.process.PID())
				if err != nil {
					t.Fatal(err)
				}
				if round > 0 {
					v.spent[kind] = append(v.spent[kind], (after-before)/time.Duration(n))
				}
			}
		}
	}
	for _, kind := range []string{"GET", "POST 1 KB"} {
		base := median(variants[0].spent[kind])
		for _, v := range variants {
			m := median(v.spent[kind])
			t.Logf("%-10s %-36s %6.1f µs of the plugin a request, %+6.1f over an empty event", kind, v.name, us(m), us(m-base))
		}
	}
}

func median(d []time.Duration) time.Duration {
	d = slices.Clone(d)
	slices.Sort(d)
	return d[len(d)/2]
}

func us(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
