package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"sync"
	"time"
)

// record is a line of the proxy's log or an event, as far as the demo needs it.
type record struct {
	Message string `json:"msg"`
	Listen  string `json:"listen"`
	Metrics string `json:"metrics"`
	// Addresses are where the sidecar listens.
	Addresses  []string `json:"addresses"`
	ID         string   `json:"event.id"`
	Action     string   `json:"event.action"`
	Confidence string   `json:"glacis.confidence"`
	Family     string   `json:"glacis.family"`
	Location   string   `json:"glacis.location"`
	Window     string   `json:"glacis.window"`
	Failure    string   `json:"glacis.fault"`
	Score      int      `json:"glacis.score"`
}

// verdicts reads the proxy's log and events and finds those of requests by their
// ids. It is safe for concurrent use.
type verdicts struct {
	mu      sync.Mutex
	changed chan struct{} // closed and renewed at every line
	ended   chan struct{}
	byID    map[string]record
	first   *record
	last    string
}

func newVerdicts(log, events io.Reader) *verdicts {
	v := &verdicts{changed: make(chan struct{}), ended: make(chan struct{}), byID: map[string]record{}}
	var both sync.WaitGroup
	both.Go(func() { v.read(events) })
	both.Go(func() { v.read(log) })
	go func() {
		both.Wait()
		close(v.ended)
	}()
	return v
}

func (v *verdicts) read(log io.Reader) {
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r record
		err := json.Unmarshal(lines.Bytes(), &r)
		v.mu.Lock()
		if r.ID == "" {
			v.last = lines.Text()
		}
		if err == nil && r.Message == "listening" {
			v.first = &r
		}
		if err == nil && r.ID != "" {
			v.byID[r.ID] = r
		}
		close(v.changed)
		v.changed = make(chan struct{})
		v.mu.Unlock()
	}
}

// How long is waited for a start, which may install a gateway, and for an event.
const (
	startWait = 5 * time.Minute
	eventWait = 10 * time.Second
)

// await waits until look succeeds, the log or ctx ends, or the time is over.
func (v *verdicts) await(ctx context.Context, limit time.Duration, look func() bool) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		v.mu.Lock()
		ok, changed := look(), v.changed
		v.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		case <-v.ended:
			v.mu.Lock()
			defer v.mu.Unlock()
			return look()
		}
	}
}

// listening returns the record that says where the proxy listens.
func (v *verdicts) listening(ctx context.Context) (r record, ok bool) {
	ok = v.await(ctx, startWait, func() bool { return v.first != nil })
	if ok {
		r = *v.first
	}
	return r, ok
}

// of returns the record of a request.
func (v *verdicts) of(ctx context.Context, id string) (r record, ok bool) {
	ok = v.await(ctx, eventWait, func() bool { r, ok = v.byID[id]; return ok })
	return r, ok
}

func (v *verdicts) lastWords() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.last
}

// wait waits for the end of the log.
func (v *verdicts) wait() { <-v.ended }
