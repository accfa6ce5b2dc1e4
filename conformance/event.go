package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// Event is what the suite compares of a gateway.Event.
type Event struct {
	ID          string         `json:"event.id"`
	Action      gateway.Action `json:"event.action"`
	Gateway     string         `json:"observer.name"`
	Fault       string         `json:"glacis.fault"`
	Confidence  string         `json:"glacis.confidence"`
	Score       int            `json:"glacis.score"`
	Family      string         `json:"glacis.family"`
	Location    string         `json:"glacis.location"`
	Uninspected int64          `json:"glacis.uninspected_bytes"`
	// The following are there under a policy only.
	Policy     string            `json:"glacis.policy"`
	Asset      string            `json:"glacis.asset"`
	Mode       string            `json:"glacis.mode"`
	Reason     string            `json:"glacis.reason"`
	Exceptions map[string]string `json:"glacis.exceptions"`
	Source     string            `json:"source.ip"`
}

// NewEvent returns the event of a verdict in prevent mode.
func NewEvent(id string, v *core.Verdict) Event {
	e := Event{ID: id, Action: gateway.Decide(&gateway.Settings{Mode: gateway.Prevent}, v, ""), Confidence: v.Confidence.Name(), Score: v.Score,
		Uninspected: v.Uninspected, Policy: v.Policy, Asset: v.Asset, Mode: v.Mode, Reason: v.Reason}
	for _, m := range v.Exceptions {
		if e.Exceptions == nil {
			e.Exceptions = map[string]string{}
		}
		e.Exceptions[m.ID] = m.Effect
	}
	if v.Confidence > core.ConfidenceNone {
		e.Family, e.Location = v.Family.Name(), v.Location
	}
	return e
}

// Events collects events. It is an io.Writer for a gateway's log: lines in
// which no event stands are ignored, an event may have the gateway's own text
// around it or be a string in a line of JSON. It is safe for concurrent use.
type Events struct {
	mu      sync.Mutex
	partial []byte
	byID    map[string]Event
	changed chan struct{}
}

// NewEvents makes an empty collection.
func NewEvents() *Events {
	return &Events{byID: map[string]Event{}, changed: make(chan struct{})}
}

const eventStart = `{"event.version":`

// maxLine bounds what is kept of a line that does not end.
const maxLine = 1 << 20

// Write implements io.Writer.
func (es *Events) Write(p []byte) (int, error) {
	es.mu.Lock()
	defer es.mu.Unlock()
	es.partial = append(es.partial, p...)
	for {
		i := bytes.IndexByte(es.partial, '\n')
		if i < 0 {
			break
		}
		if e, ok := parseEvent(string(es.partial[:i])); ok {
			es.add(e)
		}
		es.partial = es.partial[i+1:]
	}
	if len(es.partial) > maxLine {
		es.partial = nil
	}
	return len(p), nil
}

// Add adds an event that did not come by a log.
func (es *Events) Add(e Event) {
	es.mu.Lock()
	defer es.mu.Unlock()
	es.add(e)
}

func (es *Events) add(e Event) {
	es.byID[e.ID] = e
	close(es.changed)
	es.changed = make(chan struct{})
}

// Event implements Instance.
func (es *Events) Event(ctx context.Context, id string) (Event, bool) {
	for {
		es.mu.Lock()
		e, ok := es.byID[id]
		changed := es.changed
		es.mu.Unlock()
		if ok {
			return e, true
		}
		select {
		case <-ctx.Done():
			return Event{}, false
		case <-changed:
		}
	}
}

// eventWait is how long an event may come after the answer.
const eventWait = 5 * time.Second

// parseEvent finds the event in a line of log.
func parseEvent(line string) (e Event, ok bool) {
	if i := strings.Index(line, eventStart); i >= 0 {
		err := json.NewDecoder(strings.NewReader(line[i:])).Decode(&e)
		return e, err == nil && e.ID != ""
	}
	if !strings.Contains(line, `\"event.version\":`) {
		return e, false
	}
	var outer map[string]any
	if i := strings.IndexByte(line, '{'); i < 0 || json.NewDecoder(strings.NewReader(line[i:])).Decode(&outer) != nil {
		return e, false
	}
	for _, v := range outer {
		if text, is := v.(string); is && strings.Contains(text, eventStart) {
			return parseEvent(text)
		}
	}
	return e, false
}
