package events

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"
)

// gateSink takes what its script says, in the order of the calls, and
// everything after that.
type gateSink struct {
	mu     sync.Mutex
	script []func(batch []Record) (int, error)
	got    []string
	closed int
}

func (s *gateSink) Write(ctx context.Context, batch []Record) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := len(batch), error(nil)
	if len(s.script) > 0 {
		n, err = s.script[0](batch)
		s.script = s.script[1:]
	}
	for _, r := range batch[:n] {
		s.got = append(s.got, string(r.Line))
	}
	return n, err
}

func (s *gateSink) Close() error {
	s.closed++
	return nil
}

func send(q *Queue, from, to int) {
	for i := from; i < to; i++ {
		q.Send(Record{Line: fmt.Append(nil, i)})
	}
}

func TestQueueKeepsTheOrder(t *testing.T) {
	s := &gateSink{}
	q := NewQueue(s, QueueConfig{Log: quiet()})
	send(q, 0, 1000)
	closeNow(t, q)
	if len(s.got) != 1000 || s.closed != 1 {
		t.Fatalf("%d lines, closed %d times", len(s.got), s.closed)
	}
	for i, line := range s.got {
		if line != fmt.Sprint(i) {
			t.Fatalf("line %d is %s", i, line)
		}
	}
	if got := q.Stats(); got.Sent != 1000 || got.Waiting != 0 {
		t.Errorf("%+v", got)
	}
	closeNow(t, q) // again does nothing
}

// A sink that stands still stops nobody: what finds no room is counted.
func TestQueueNeverWaits(t *testing.T) {
	hold, held := make(chan struct{}), make(chan struct{})
	s := &gateSink{script: []func([]Record) (int, error){func(b []Record) (int, error) {
		close(held)
		<-hold
		return len(b), nil
	}}}
	q := NewQueue(s, QueueConfig{Records: 10, Log: quiet()})
	send(q, 0, 1)
	<-held
	send(q, 1, 101)
	if got := q.Stats(); got.Full != 90 || got.Waiting != 10 {
		t.Errorf("%+v", got)
	}
	close(hold)
	closeNow(t, q)
	if len(s.got) != 11 || s.got[10] != "10" {
		t.Errorf("%v", s.got)
	}
}

func TestQueueBoundsBytes(t *testing.T) {
	hold, held := make(chan struct{}), make(chan struct{})
	s := &gateSink{script: []func([]Record) (int, error){func(b []Record) (int, error) {
		close(held)
		<-hold
		return len(b), nil
	}}}
	q := NewQueue(s, QueueConfig{Bytes: 100, Log: quiet()})
	line := bytes.Repeat([]byte("x"), 40)
	q.Send(Record{Line: line})
	<-held
	for range 5 {
		q.Send(Record{Line: line})
	}
	q.Send(Record{Line: bytes.Repeat([]byte("x"), LineBytes+1)})
	if got := q.Stats(); got.Full != 5 || got.Waiting != 1 {
		t.Errorf("%+v", got)
	}
	close(hold)
	eventually(t, "room again", func() bool { return q.bytes.Load() == 0 })
	closeNow(t, q)
}

// What a sink has not taken comes again, from where it stopped; what it refuses
// for good does not; the log says both ends of the trouble.
func TestQueueTriesAgain(t *testing.T) {
	down := errors.New("down")
	start := make(chan struct{})
	s := &gateSink{script: []func([]Record) (int, error){
		func([]Record) (int, error) { <-start; return 1, nil },
		func([]Record) (int, error) { return 2, down },
		func([]Record) (int, error) { return 0, laterError{down, time.Millisecond} },
		func([]Record) (int, error) { return 1, Permanent(errors.New("what is that"), 1) },
	}}
	var log bytes.Buffer
	q := NewQueue(s, QueueConfig{Name: "test", Backoff: time.Millisecond, Log: slog.New(slog.NewTextHandler(&log, nil))})
	send(q, 0, 7)
	close(start)
	closeNow(t, q)
	if got := fmt.Sprint(s.got); got != "[0 1 2 3 5 6]" {
		t.Error(got)
	}
	if got := q.Stats(); got.Sent != 6 || got.Failed != 1 || got.Error != "" {
		t.Errorf("%+v", got)
	}
	if n := bytes.Count(log.Bytes(), []byte("\n")); n != 2 || !bytes.Contains(log.Bytes(), []byte(`event sink fails" sink=test error=down`)) {
		t.Errorf("%d lines: %s", n, &log)
	}
}

func TestQueueGivesUp(t *testing.T) {
	tries := 0
	never := func([]Record) (int, error) { tries++; return 0, errors.New("down") }
	s := &gateSink{script: []func([]Record) (int, error){never, never, never}}
	q := NewQueue(s, QueueConfig{Attempts: 3, Backoff: time.Microsecond, Log: quiet()})
	send(q, 0, 1)
	eventually(t, "given up", func() bool { return q.Stats().Failed == 1 })
	if got := q.Stats(); tries != 3 || got.Error != "down" {
		t.Errorf("%d tries, %+v", tries, got)
	}
	send(q, 1, 2)
	closeNow(t, q)
	if fmt.Sprint(s.got) != "[1]" {
		t.Error(s.got)
	}
}

// Closing ends in time even when the sink is away, and what is lost is counted.
func TestQueueCloseEnds(t *testing.T) {
	s := &gateSink{}
	for range 100 {
		s.script = append(s.script, func([]Record) (int, error) { return 0, errors.New("down") })
	}
	q := NewQueue(s, QueueConfig{Backoff: time.Hour, Log: quiet()})
	send(q, 0, 3)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := q.Close(ctx); err != nil {
		t.Error(err)
	}
	send(q, 3, 4)
	if got := q.Stats(); got.Closed != 4 || s.closed != 1 {
		t.Errorf("%+v", got)
	}
}

// BenchmarkSend is what an event costs the request, a full queue included.
func BenchmarkSend(b *testing.B) {
	q := NewQueue(&gateSink{}, QueueConfig{Log: quiet()})
	r := Record{Line: make([]byte, 500)}
	b.ReportAllocs()
	for b.Loop() {
		q.Send(r)
	}
}
