// Package bench times the engine by kind of request on one core.
package bench

import (
	"runtime"
	"time"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/request"
	"github.com/glacis-waf/glacis/core"
)

// Result is the outcome for one kind.
type Result struct {
	Kind string `json:"kind"`
	// Requests is the number of different requests of the kind.
	Requests int `json:"requests"`
	// Microseconds is the time per request in the best pass.
	Microseconds float64 `json:"us_per_request"`
	// BytesPerSecond counts request line, headers and body.
	BytesPerSecond float64 `json:"bytes_per_second"`
	// Allocs is the number of heap allocations per request, least of all passes.
	Allocs float64 `json:"allocs_per_request"`
}

// Report is the outcome of a run.
type Report struct {
	Kinds []Result `json:"kinds"`
}

// Options bound a run.
type Options struct {
	// Passes is how often each kind is timed; the best counts. At least 1.
	Passes int
	// PassTime is how long one pass lasts at least: requests are repeated until
	// it is over, in whole rounds.
	PassTime time.Duration
}

// Run times Engine.Inspect on requests that are already parsed, kinds in the
// order of their first request. It binds itself to one thread and sets
// GOMAXPROCS to 1 while it runs, so it must not run beside other work. Requests
// without a kind go under their category, or "all".
func Run(engine *core.Engine, requests []request.Request, opt Options) *Report {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var kinds []string
	groups := map[string][]*request.Request{}
	for i := range requests {
		kind := kindOf(&requests[i])
		if groups[kind] == nil {
			kinds = append(kinds, kind)
		}
		groups[kind] = append(groups[kind], &requests[i])
	}
	report := &Report{Kinds: []Result{}}
	for _, kind := range kinds {
		report.Kinds = append(report.Kinds, measure(engine, kind, groups[kind], opt))
	}
	return report
}

func kindOf(r *request.Request) string {
	switch {
	case r.Kind != "":
		return r.Kind
	case r.Category != "":
		return r.Category
	}
	return "all"
}

// measure times one kind.
func measure(engine *core.Engine, kind string, requests []*request.Request, opt Options) Result {
	res := Result{Kind: kind, Requests: len(requests)}
	bytes := 0
	for _, r := range requests {
		bytes += r.WireBytes()
	}
	rounds := warmUp(engine, requests, opt.PassTime)
	n := float64(rounds * len(requests))
	for pass := range max(opt.Passes, 1) {
		elapsed, mallocs := timed(engine, requests, rounds)
		us := float64(elapsed.Nanoseconds()) / 1000 / n
		if pass == 0 || us < res.Microseconds {
			res.Microseconds = us
		}
		allocs := float64(mallocs) / n
		if pass == 0 || allocs < res.Allocs {
			res.Allocs = allocs
		}
	}
	if res.Microseconds > 0 {
		res.BytesPerSecond = float64(bytes) / float64(len(requests)) / res.Microseconds * 1e6
	}
	return res
}

// warmUp runs rounds until a pass's time is over and returns how many it takes.
func warmUp(engine *core.Engine, requests []*request.Request, passTime time.Duration) int {
	rounds := 1
	for {
		elapsed, _ := timed(engine, requests, rounds)
		if elapsed >= passTime || rounds >= 1<<24 {
			return rounds
		}
		rounds *= 2
	}
}

// timed inspects every request rounds times and returns time and number of
// heap allocations.
func timed(engine *core.Engine, requests []*request.Request, rounds int) (time.Duration, uint64) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	for range rounds {
		for _, r := range requests {
			engine.Inspect(&r.HTTP)
		}
	}
	elapsed := time.Since(start)
	runtime.ReadMemStats(&after)
	return elapsed, after.Mallocs - before.Mallocs
}
