package core_test

import (
	"testing"

	"github.com/glacis-waf/glacis/conformance/benchset"
	"github.com/glacis-waf/glacis/core"
)

// BenchmarkInspect times the verdict for honest requests by kind, with the
// model warm and one transaction at a time. Without ../shared the sample in
// testdata stands in; the two give different figures.
func BenchmarkInspect(b *testing.B) {
	set, err := benchset.Load()
	if err != nil {
		b.Fatal(err)
	}
	if set.Sample {
		b.Log("../shared/bench_requests.jsonl is absent: the sample in testdata is used")
	}
	engine, err := core.New(core.Config{})
	if err != nil {
		b.Fatal(err)
	}
	for _, kind := range set.Kinds {
		b.Run(kind.Name, func(b *testing.B) {
			for i := range kind.Requests {
				engine.Inspect(&kind.Requests[i].Request)
			}
			b.SetBytes(kind.Bytes())
			b.ReportAllocs()
			b.ResetTimer()
			for i := 0; i < b.N; i++ {
				engine.Inspect(&kind.Requests[i%len(kind.Requests)].Request)
			}
		})
	}
}

// BenchmarkBegin times the same by way of a transaction whose body comes in
// chunks of 16 KiB, as a gateway hands it over.
func BenchmarkBegin(b *testing.B) {
	const chunk = 16 << 10
	set, err := benchset.Load()
	if err != nil {
		b.Fatal(err)
	}
	engine, err := core.New(core.Config{})
	if err != nil {
		b.Fatal(err)
	}
	for _, kind := range set.Kinds {
		b.Run(kind.Name, func(b *testing.B) {
			b.SetBytes(kind.Bytes())
			b.ReportAllocs()
			for i := 0; i < b.N; i++ {
				r := &kind.Requests[i%len(kind.Requests)]
				t := engine.Begin()
				t.RequestLine(r.Method, r.URI)
				for _, h := range r.Headers {
					t.Header(h.Name, h.Value)
				}
				t.EndHeaders()
				for body := r.Body; len(body) > 0; {
					n := min(len(body), chunk)
					t.Body(body[:n])
					body = body[n:]
				}
				t.End()
				t.Close()
			}
		})
	}
}
