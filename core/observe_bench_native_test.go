package core_test

import (
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance/benchset"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/sidecar/learn"
)

// BenchmarkObserve reports by how many percent observation slows an inspection
// down, by kind of request. Rounds with and without take turns and the fastest
// of each count, so that a busy machine disturbs both alike. "new" observes every
// request; "mature" is what remains with a profile that knows all of them well,
// whose effects are in it.
func BenchmarkObserve(b *testing.B) {
	set, err := benchset.Load()
	if err != nil {
		b.Fatal(err)
	}
	plain, err := core.New(core.Config{})
	if err != nil {
		b.Fatal(err)
	}
	watched, err := core.New(core.Config{Observe: core.ObserveAll})
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		engine *core.Engine
	}{{"new", watched}, {"mature", watched.WithProfile(matureProfile(b, watched, set))}} {
		for _, kind := range set.Kinds {
			b.Run(kind.Name+"/"+c.name, func(b *testing.B) {
				without, with := time.Hour, time.Hour
				for i := 0; i < b.N || i < 20; i++ {
					without = min(without, round(plain, kind))
					with = min(with, round(c.engine, kind))
				}
				b.ReportMetric(100*float64(with-without)/float64(without), "%slower")
			})
		}
	}
}

// matureProfile has a learner see all requests from 40 networks in four windows.
func matureProfile(b *testing.B, e *core.Engine, set *benchset.Set) *profile.Profile {
	l, err := learn.New(learn.Config{Requests: 40, Assets: []learn.AssetRule{{Name: "all", Host: "*"}}})
	if err != nil {
		b.Fatal(err)
	}
	now := int64(1_800_000_000)
	l.Advance(now)
	for window := range 4 {
		batch := learn.Batch{ID: [16]byte{byte(window)}}
		for source := range 40 {
			for _, kind := range set.Kinds {
				for i := range kind.Requests {
					t := start(e, &kind.Requests[i].Request)
					t.End()
					batch.Records = append(batch.Records, t.AppendObservation(nil, profile.Mix(uint64(source), 5)|1, 2))
					t.Close()
				}
			}
		}
		l.Apply(&batch)
		now += 600
		l.Advance(now)
	}
	data, err := l.Snapshot(now)
	if err != nil {
		b.Fatal(err)
	}
	p, err := profile.Load(data)
	if err != nil || !p.Settled() {
		b.Fatal("not mature: ", err)
	}
	return p
}

// start shows all of a request.
func start(e *core.Engine, r *core.Request) *core.Transaction {
	t := e.Begin()
	t.RequestLine(r.Method, r.URI)
	for _, h := range r.Headers {
		t.Header(h.Name, h.Value)
	}
	t.EndHeaders()
	t.Body(r.Body)
	return t
}

var record = make([]byte, 0, profile.MaxRecord)

// round inspects all requests of a kind and returns the time it took.
func round(e *core.Engine, kind benchset.Kind) time.Duration {
	began := time.Now()
	for i := range kind.Requests {
		t := start(e, &kind.Requests[i].Request)
		t.End()
		record = t.AppendObservation(record[:0], 1, 2)
		t.Close()
	}
	return time.Since(began)
}
