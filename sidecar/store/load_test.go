package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/sidecar/learn"
)

// TestLoad measures how many observations a second the store takes, from batch
// to state, while GLACIS_LOAD seconds pass (make bench-store); with
// GLACIS_LOAD_RATE, how memory fares at so many a second. It asserts that
// memory does not grow, not how fast the machine is.
func TestLoad(t *testing.T) {
	seconds, _ := strconv.Atoi(os.Getenv("GLACIS_LOAD"))
	rate, _ := strconv.Atoi(os.Getenv("GLACIS_LOAD_RATE"))
	if seconds == 0 {
		t.Skip("set GLACIS_LOAD to a number of seconds, as make bench-store does")
	}
	runtime.GOMAXPROCS(1)
	start := time.Now()
	cfg := settings(t.TempDir(), nil)
	cfg.Learn = learn.Config{Window: time.Minute}
	cfg.Now = func() time.Time { return start.Add(10 * time.Since(start)) } // windows of 6 s
	s := open(t, cfg)
	defer s.Close()
	const records = 1000
	batches := make([][]byte, 64)
	for n := range batches {
		batches[n] = makeBatch(n, records, 20)
	}
	used, sent, late, again := cpu(), 0, 0, 0
	var heaps []uint64 // one for each twentieth of the time
	for n := 0; time.Since(start) < time.Duration(seconds)*time.Second; n++ {
		data := batches[n%len(batches)]
		data[10], data[11], data[12], data[13] = byte(n), byte(n>>8), byte(n>>16), byte(n>>24) // another id
		for tries := 0; ; tries++ {
			_, err := s.Publish(context.Background(), data) // again, as wrappers do: a disk may be slow
			if err == nil {
				break
			}
			if again++; tries == 20 {
				t.Fatal(err)
			}
		}
		sent += records
		if passed := time.Since(start); passed*20 > time.Duration(len(heaps)+1)*time.Duration(seconds)*time.Second {
			heaps = append(heaps, heap())
			profileHeap(t, len(heaps))
			t.Logf("after %v: %d observations, heap %.1f MiB", passed.Round(time.Second), sent, float64(heaps[len(heaps)-1])/(1<<20))
		}
		if rate > 0 {
			wait := time.Duration(sent)*time.Second/time.Duration(rate) - time.Since(start)
			if wait < -time.Second {
				late++
			}
			time.Sleep(wait)
		}
	}
	applied(t, s)
	wall, spent := time.Since(start), cpu()-used
	t.Logf("%d observations in %v: %.0f a second, %.0f a second of processor time; %d of %d batches more than a second late, %d sent again",
		sent, wall.Round(time.Millisecond), float64(sent)/wall.Seconds(), float64(sent)/spent.Seconds(), late, sent/records, again)
	if middle, end := slices.Max(heaps[:len(heaps)/2+1]), slices.Max(heaps[len(heaps)/2:]); end > middle+middle/2+(32<<20) {
		t.Errorf("the heap has grown from %d bytes at most in the first half to %d in the second", middle, end)
	}
}

// heap is how many bytes of the heap are in use. What lies in a sync.Pool, such
// as the server's blocks of 8 MiB, goes with the second collection.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// profileHeap writes a heap profile into GLACIS_LOAD_PROFILES, if that is set:
// "go tool pprof -diff_base heap-05 heap-20" says what has grown.
func profileHeap(t *testing.T, n int) {
	dir := os.Getenv("GLACIS_LOAD_PROFILES")
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, fmt.Sprintf("heap-%02d", n)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := pprof.WriteHeapProfile(f); err != nil {
		t.Fatal(err)
	}
}

// cpu is the processor time of this process.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
