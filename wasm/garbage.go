//go:build wasip1

package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	// garbageBytes is how much is allocated between two collections. A request
	// allocates nothing unless something is found in it.
	garbageBytes = 8 << 20
	// memoryLimit is from where on the collector runs by itself, whatever it costs.
	memoryLimit = 256 << 20
)

var (
	allocated = []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	collected uint64 // of what was allocated, at the last collection
)

// init turns the collector off. It works in goroutines beside the program, but
// here nothing runs between two callbacks: it would begin in one of them and not
// end for seconds, during which every store of a pointer is slow and requests
// cost twice as much.
func init() {
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(memoryLimit)
}

// collect collects, at once and to the end, if it is worth it.
func collect() {
	metrics.Read(allocated)
	if n := allocated[0].Value.Uint64(); n-collected >= garbageBytes {
		runtime.GC()
		collected = n
	}
}
