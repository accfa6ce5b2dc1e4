package pipeline

import (
	"context"
	"iter"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// uneven makes workers that are slow now and then, so that batches finish out
// of order.
func uneven() func(int) int {
	return func(i int) int {
		if i%97 == 0 {
			time.Sleep(time.Millisecond)
		}
		return i * 2
	}
}

func TestOrder(t *testing.T) {
	for _, workers := range []int{1, 2, 7} {
		for _, n := range []int{0, 1, batchSize, 1000} {
			got := slices.Collect(Ordered(context.Background(), workers, count(n), uneven))
			if len(got) != n {
				t.Fatalf("%d workers: %d of %d results", workers, len(got), n)
			}
			for i, v := range got {
				if v != 2*i {
					t.Fatalf("%d workers: result %d is %d", workers, i, v)
				}
			}
		}
	}
}

// TestWorkerState checks that each goroutine has its own work function.
func TestWorkerState(t *testing.T) {
	var workers atomic.Int32
	newWorker := func() func(int) int {
		workers.Add(1)
		calls := 0 // a data race unless it is the goroutine's own
		return func(int) int { calls++; return calls }
	}
	for range Ordered(context.Background(), 3, count(500), newWorker) {
	}
	if workers.Load() != 3 {
		t.Fatalf("%d workers", workers.Load())
	}
}

// TestBounded checks that a consumer that stops reading stops the producer.
func TestBounded(t *testing.T) {
	var produced atomic.Int64
	endless := func(yield func(int) bool) {
		for yield(int(produced.Add(1))) {
		}
	}
	seen := 0
	for range Ordered(context.Background(), 2, endless, uneven) {
		if seen++; seen == 10 {
			break
		}
	}
	const most = batchSize * (4 + 4*2 + 2 + 2 + 2)
	if n := produced.Load(); n > most {
		t.Fatalf("%d items were produced for 10 results", n)
	}
}

// TestPromptness checks that a result comes before the next item is there.
func TestPromptness(t *testing.T) {
	answered := make(chan struct{})
	dialog := func(yield func(int) bool) {
		for i := range 3 {
			if !yield(i) {
				return
			}
			<-answered // deadlocks if the pipeline waits for a full batch
		}
	}
	for range Ordered(context.Background(), 2, dialog, uneven) {
		answered <- struct{}{}
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	endless := func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
	}
	seen := 0
	for range Ordered(ctx, 2, endless, uneven) {
		if seen++; seen == 5 {
			cancel()
		}
	}
}
