// Package pipeline spreads work over goroutines and keeps its order.
package pipeline

import (
	"context"
	"iter"
)

// batchSize is how many items one worker takes at a time. One item is a few
// microseconds of work, one hand-over between goroutines is about one.
const batchSize = 64

// Ordered calls work for every item on n goroutines and yields the results in
// the items' order. Items are handed on as soon as they come: a batch is never
// waited for. At most 4 × n batches are under way, so memory is bounded by the
// items' size. When the consumer stops or ctx ends, the items not yet begun are
// dropped; Ordered returns after items has stopped, which it does at its next
// item. newWorker makes the work function of one goroutine, so that it may keep
// buffers.
func Ordered[In, Out any](ctx context.Context, n int, items iter.Seq[In], newWorker func() func(In) Out) iter.Seq[Out] {
	return func(yield func(Out) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		type job struct {
			in   []In
			done chan []Out
		}
		single := make(chan In, 4*batchSize)
		jobs := make(chan job, n)
		order := make(chan job, 4*n)
		go func() {
			defer close(single)
			for item := range items {
				select {
				case single <- item:
				case <-ctx.Done():
					return
				}
			}
		}()
		go func() {
			defer close(jobs)
			defer close(order)
			for item := range single {
				j := job{in: drain([]In{item}, single), done: make(chan []Out, 1)}
				select {
				case order <- j:
				case <-ctx.Done():
					return
				}
				select {
				case jobs <- j:
				case <-ctx.Done():
					return
				}
			}
		}()
		for range n {
			go func() {
				work := newWorker()
				for j := range jobs {
					out := make([]Out, 0, len(j.in))
					for _, item := range j.in {
						out = append(out, work(item))
					}
					j.done <- out
				}
			}()
		}
		for j := range order {
			var out []Out
			select {
			case out = <-j.done:
			case <-ctx.Done():
				return
			}
			for _, o := range out {
				if !yield(o) {
					return
				}
			}
		}
	}
}

// drain adds what is ready in the channel, up to a batch.
func drain[T any](batch []T, from <-chan T) []T {
	for len(batch) < batchSize {
		select {
		case item, ok := <-from:
			if !ok {
				return batch
			}
			batch = append(batch, item)
		default:
			return batch
		}
	}
	return batch
}
