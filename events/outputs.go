package events

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"
)

// maxSinks bounds the sinks, and with them the values of a metric's label.
const maxSinks = 8

// closeTimeout is how long Outputs.Close waits for the sinks together.
const closeTimeout = 5 * time.Second

// Outputs are queues that each get every event. The zero value drops
// everything; a nil one too. It is safe for concurrent use.
type Outputs struct {
	env Environment
	log *slog.Logger

	mu      sync.RWMutex // held for writing only to replace the list or to close
	queues  []*Queue
	closed  bool
	leaving sync.WaitGroup // queues that were replaced and still deliver
}

// Send hands an event line, with or without its line end, to every sink; it
// never waits. The line must not be changed afterwards.
func (o *Outputs) Send(line []byte) {
	if o == nil {
		return
	}
	r := Record{Line: bytes.TrimRight(line, "\r\n")}
	if len(r.Line) == 0 {
		return
	}
	o.mu.RLock()
	defer o.mu.RUnlock()
	for _, q := range o.queues {
		q.Send(r)
	}
}

// Write implements io.Writer: one call is one event line. It never fails.
func (o *Outputs) Write(line []byte) (int, error) {
	o.Send(bytes.Clone(line))
	return len(line), nil
}

// Stats returns a snapshot of every sink, in the order of their addresses.
func (o *Outputs) Stats() []Stats {
	if o == nil {
		return nil
	}
	o.mu.RLock()
	defer o.mu.RUnlock()
	out := make([]Stats, len(o.queues))
	for i, q := range o.queues {
		out[i] = q.Stats()
	}
	return out
}

// Close delivers what waits, for at most 5 s, and closes the sinks.
func (o *Outputs) Close() error {
	if o == nil {
		return nil
	}
	o.mu.Lock()
	queues := o.queues
	o.closed = true
	o.mu.Unlock()
	err := closeQueues(queues)
	o.leaving.Wait()
	return err
}

// closeQueues closes queues at the same time, within closeTimeout.
func closeQueues(queues []*Queue) error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	errs := make([]error, len(queues))
	var all sync.WaitGroup
	for i, q := range queues {
		all.Go(func() { errs[i] = q.Close(ctx) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// To makes Outputs of a writer, with a queue before it.
func To(w io.Writer, log *slog.Logger) *Outputs {
	return &Outputs{queues: []*Queue{NewQueue(&streamSink{w: w, format: jsonFormat{}}, QueueConfig{Name: "stdout", Log: log})}}
}

// Open makes a sink of every address (see OpenSink) with a queue before each.
func Open(addresses []string, env Environment, log *slog.Logger) (*Outputs, error) {
	o := &Outputs{env: env, log: log}
	change, err := o.Prepare(addresses)
	if err != nil {
		return nil, err
	}
	change.Apply()
	return o, nil
}
