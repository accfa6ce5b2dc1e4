package main

import (
	"fmt"
	"runtime"
	"time"

	"github.com/glacis-waf/glacis/conformance/benchset"
)

// figure is what one engine needs for one kind of request.
type figure struct {
	// micros is the time a request in µs, the best of all passes: the least
	// disturbed one on a machine that others use too.
	micros float64
	// allocs and allocBytes are heap objects and bytes a request.
	allocs, allocBytes float64
	// refused is how many of the kind's requests the engine refuses; they are
	// honest, so each is a false positive.
	refused int
}

// measure runs passes over the requests of a kind. A pass goes round them as
// often as it takes to last for the given time, and at least once.
func measure(e engine, kind benchset.Kind, passes int, least time.Duration) (figure, error) {
	var f figure
	for i := range kind.Requests { // warm up, and count
		refused, err := e.refuses(&kind.Requests[i])
		if err != nil {
			return f, fmt.Errorf("%s: %s: %w", e.name(), kind.Requests[i].ID, err)
		}
		if refused {
			f.refused++
		}
	}
	for pass := 0; pass < passes; pass++ {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start, n := time.Now(), 0
		for n == 0 || time.Since(start) < least {
			for i := range kind.Requests {
				if _, err := e.refuses(&kind.Requests[i]); err != nil {
					return f, fmt.Errorf("%s: %s: %w", e.name(), kind.Requests[i].ID, err)
				}
			}
			n += len(kind.Requests)
		}
		took := float64(time.Since(start).Nanoseconds()) / 1000 / float64(n)
		runtime.ReadMemStats(&after)
		if pass == 0 || took < f.micros {
			f.micros = took
			f.allocs = float64(after.Mallocs-before.Mallocs) / float64(n)
			f.allocBytes = float64(after.TotalAlloc-before.TotalAlloc) / float64(n)
		}
	}
	return f, nil
}
