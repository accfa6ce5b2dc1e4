package events

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"testing"
	"time"
)

// sample returns the events of testdata/events.jsonl.
func sample(t testing.TB) []Record {
	t.Helper()
	text, err := os.ReadFile("testdata/events.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var out []Record
	for line := range bytes.Lines(text) {
		out = append(out, Record{Line: bytes.TrimSpace(line)})
	}
	return out
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// quiet is a log that nobody reads.
func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// open opens a sink that must be fine and closes it with the test.
func open(t *testing.T, address string) Sink {
	t.Helper()
	s, _, err := OpenSink(address, Environment{Version: "1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// write delivers a batch whole.
func write(t *testing.T, s Sink, batch []Record) {
	t.Helper()
	if n, err := s.Write(t.Context(), batch); n != len(batch) || err != nil {
		t.Fatalf("%d of %d: %v", n, len(batch), err)
	}
}

// eventually waits for something that another goroutine does. Its bound only
// keeps a failing test from hanging.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 2000 {
		if done() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("never: %s", what)
}

func closeNow(t *testing.T, q *Queue) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := q.Close(ctx); err != nil {
		t.Error(err)
	}
}
