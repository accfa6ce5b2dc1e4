package core_test

import (
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance/benchset"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/profile"
)

// BenchmarkObserve reports by how many percent observation slows an inspection
// down, by kind of request. Rounds with and without take turns and the fastest
// of each count, so that a busy machine disturbs both alike. Rate 1 observes
// every request, rate 16 is what remains when all assets are mature.
func BenchmarkObserve(b *testing.B) {
	set, err := benchset.Load()
	if err != nil {
		b.Fatal(err)
	}
	plain, err := core.New(core.Config{})
	if err != nil {
		b.Fatal(err)
	}
	for _, rate := range []int{1, 16} {
		watched, err := core.New(core.Config{Observe: rate})
		if err != nil {
			b.Fatal(err)
		}
		for _, kind := range set.Kinds {
			b.Run(kind.Name+map[int]string{1: "", 16: "/one-in-16"}[rate], func(b *testing.B) {
				without, with := time.Hour, time.Hour
				for i := 0; i < b.N || i < 20; i++ {
					without = min(without, round(plain, kind))
					with = min(with, round(watched, kind))
				}
				b.ReportMetric(100*float64(with-without)/float64(without), "%slower")
			})
		}
	}
}

var record = make([]byte, 0, profile.MaxRecord)

// round inspects all requests of a kind and returns the time it took.
func round(e *core.Engine, kind benchset.Kind) time.Duration {
	start := time.Now()
	for i := range kind.Requests {
		r := &kind.Requests[i].Request
		t := e.Begin()
		t.RequestLine(r.Method, r.URI)
		for _, h := range r.Headers {
			t.Header(h.Name, h.Value)
		}
		t.EndHeaders()
		t.Body(r.Body)
		t.End()
		record = t.AppendObservation(record[:0], 1, 2)
		t.Close()
	}
	return time.Since(start)
}
