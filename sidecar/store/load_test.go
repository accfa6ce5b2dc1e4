package store

import (
	"context"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/sidecar/learn"
)

// TestLoad measures how many observations a second the store takes, from batch
// to state, while GLACIS_LOAD seconds pass (make bench-store). It asserts that
// memory does not grow, not how fast the machine is.
func TestLoad(t *testing.T) {
	seconds, _ := strconv.Atoi(os.Getenv("GLACIS_LOAD"))
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
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var middle uint64
	used, sent := cpu(), 0
	for n := 0; time.Since(start) < time.Duration(seconds)*time.Second; n++ {
		data := batches[n%len(batches)]
		data[10], data[11], data[12], data[13] = byte(n), byte(n>>8), byte(n>>16), byte(n>>24) // another id
		if _, err := s.Publish(context.Background(), data); err != nil {
			t.Fatal(err)
		}
		sent += records
		if middle == 0 && time.Since(start) > time.Duration(seconds)*time.Second/2 {
			middle = heap()
		}
	}
	applied(t, s)
	wall, spent, end := time.Since(start), cpu()-used, heap()
	t.Logf("%d observations in %v: %.0f a second, %.0f a second of processor time; heap %d MiB in the middle, %d MiB at the end",
		sent, wall.Round(time.Millisecond), float64(sent)/wall.Seconds(), float64(sent)/spent.Seconds(), middle>>20, end>>20)
	if end > middle+middle/2+(32<<20) {
		t.Errorf("the heap has grown from %d to %d bytes", middle, end)
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
