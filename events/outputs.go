package events

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strconv"
	"time"
)

// maxSinks bounds the sinks, and with them the values of a metric's label.
const maxSinks = 8

// closeTimeout is how long Outputs.Close waits for the sinks together.
const closeTimeout = 5 * time.Second

// Outputs are queues that each get every event. The zero value drops
// everything; a nil one too. It is safe for concurrent use.
type Outputs struct{ queues []*Queue }

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
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	errs := make([]error, len(o.queues))
	done := make(chan int)
	for i, q := range o.queues {
		go func() {
			errs[i] = q.Close(ctx)
			done <- i
		}()
	}
	for range o.queues {
		<-done
	}
	return errors.Join(errs...)
}

// To makes Outputs of a writer, with a queue before it.
func To(w io.Writer, log *slog.Logger) *Outputs {
	return &Outputs{queues: []*Queue{NewQueue(&streamSink{w: w, format: jsonFormat{}}, QueueConfig{Name: "stdout", Log: log})}}
}

// Open makes a sink of every address (see OpenSink) with a queue before each.
func Open(addresses []string, env Environment, log *slog.Logger) (*Outputs, error) {
	if len(addresses) > maxSinks {
		return nil, errors.New("event sinks: at most " + strconv.Itoa(maxSinks))
	}
	o, seen := &Outputs{}, map[string]int{}
	for _, address := range addresses {
		sink, kind, err := OpenSink(address, env)
		if err != nil {
			return nil, errors.Join(err, o.Close())
		}
		name := kind
		if seen[kind]++; seen[kind] > 1 {
			name += "#" + strconv.Itoa(seen[kind])
		}
		o.queues = append(o.queues, NewQueue(sink, QueueConfig{Name: name, Log: log}))
	}
	return o, nil
}
