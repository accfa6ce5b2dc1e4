package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"sync/atomic"

	"github.com/glacis-waf/glacis/sidecar/store"
)

// The bounds of events in one call, of one event, and of the calls that are
// being read at a time. gateway.Event keeps its lines below maxEventBytes.
const (
	maxEvents       = 512 << 10
	maxEventBytes   = 32 << 10
	maxEventsCalled = 64
)

// Events are the endpoints of events: the latest of all wrappers, in memory, for
// whoever asks, and those that agents send to this sidecar for who keeps them.
// It is safe for concurrent use.
type Events struct {
	ring *ring
	keep func(line []byte)
	send func(lines []byte) error
	lost func() uint64
	// slots bounds the calls that are being read.
	slots  chan struct{}
	counts struct{ received, refused atomic.Uint64 }
}

// EventCounts says what became of the events that agents sent.
type EventCounts struct {
	// Received were taken, Refused were no events or too long.
	Received, Refused uint64
	// Lost are events, or batches of them, that other sidecars sent while this
	// one was behind.
	Lost uint64
}

// NewEvents makes the endpoints. keep is handed every event that an agent sends,
// one line without its end, to hold on to; it must not wait. It is nil for nobody.
func NewEvents(keep func(line []byte)) *Events {
	e := &Events{ring: newRing(), keep: keep, slots: make(chan struct{}, maxEventsCalled), lost: func() uint64 { return 0 }}
	e.send = func(lines []byte) error {
		e.ring.add(lines)
		return nil
	}
	return e
}

// connect shares events with the other sidecars of a store.
func (e *Events) connect(s *store.Store) (err error) {
	e.send = s.SendEvents
	e.lost, err = s.ReceiveEvents(e.ring.add)
	return err
}

// Show adds an event of this process to the latest; it never waits.
func (e *Events) Show(line []byte) { e.ring.add(line) }

// Counts returns the counters.
func (e *Events) Counts() EventCounts {
	return EventCounts{e.counts.received.Load(), e.counts.refused.Load(), e.lost()}
}

// Routes returns the endpoints.
func (e *Events) Routes() []Route { return e.routes(false) }

// routes are the endpoints for agents, or for the one of this very process.
func (e *Events) routes(own bool) []Route {
	add := func(w http.ResponseWriter, r *http.Request) { e.add(w, r, own) }
	return []Route{{Pattern: "GET /v1/events", Handler: http.HandlerFunc(e.list)},
		{Pattern: "POST /v1/events", Agents: true, Handler: http.HandlerFunc(add)}}
}

// add takes events of an agent, one JSON object a line, hands them to all
// sidecars and then to who keeps them: after an answer that is no success the
// agent sends all of them again. A line that is no event is left out, so that a
// client who makes one cannot have others' lost.
func (e *Events) add(w http.ResponseWriter, r *http.Request, own bool) {
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	default:
		w.Header().Set("Retry-After", "1")
		Problem(w, http.StatusTooManyRequests, "Too many events are being read.")
		return
	}
	data, ok := readBody(w, r, maxEvents)
	if !ok {
		return
	}
	good, lines, refused := make([]byte, 0, len(data)+1), [][]byte(nil), uint64(0)
	for line := range bytes.Lines(data) {
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0:
		case len(line) > maxEventBytes || line[0] != '{' || !json.Valid(line):
			refused++
		default:
			good, lines = append(append(good, line...), '\n'), append(lines, line)
		}
	}
	if len(lines) == 0 && refused > 0 {
		e.counts.refused.Add(refused)
		Problem(w, http.StatusBadRequest, "Want one JSON object a line, each of at most 32 KiB.")
		return
	}
	if err := e.send(good); err != nil {
		failed(w, err)
		return
	}
	if !own {
		e.received(lines, refused)
	}
	w.WriteHeader(http.StatusNoContent)
}

// received counts the events of an agent and hands them to who keeps them.
func (e *Events) received(lines [][]byte, refused uint64) {
	e.counts.refused.Add(refused)
	e.counts.received.Add(uint64(len(lines)))
	if e.keep == nil {
		return
	}
	for _, line := range lines {
		e.keep(bytes.Clone(line)) // one line that waits must not hold on to all
	}
}
