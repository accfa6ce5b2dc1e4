package core_test

import (
	"strconv"
	"testing"

	"github.com/glacis-waf/glacis/conformance/benchset"
	"github.com/glacis-waf/glacis/core"
)

// BenchmarkCold times requests whose header lines were not seen before: each has
// a number of its own behind it, and there are too many to be recalled.
func BenchmarkCold(b *testing.B) {
	set, err := benchset.Load()
	if err != nil {
		b.Fatal(err)
	}
	engine, err := core.New(core.Config{})
	if err != nil {
		b.Fatal(err)
	}
	for _, kind := range set.Kinds[:2] {
		requests := make([]core.Request, 2000)
		for i := range requests {
			requests[i] = kind.Requests[i%len(kind.Requests)].Request
			lines := requests[i].Headers
			requests[i].Headers = nil
			for _, h := range lines {
				requests[i].Headers = append(requests[i].Headers, core.Header{Name: h.Name, Value: h.Value + strconv.Itoa(i)})
			}
		}
		b.Run(kind.Name, func(b *testing.B) {
			b.SetBytes(kind.Bytes())
			b.ReportAllocs()
			for i := 0; i < b.N; i++ {
				engine.Inspect(&requests[i%len(requests)])
			}
		})
	}
}
