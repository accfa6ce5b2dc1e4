package events

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// LineBytes is how long an event line may be, in bytes. gateway.Event keeps
// its own below a third of it.
const LineBytes = 64 << 10

// TimeFormat is how "@timestamp" is written: RFC 3339 in UTC, milliseconds.
const TimeFormat = "2006-01-02T15:04:05.000Z"

// Record is one event on its way to a sink. It is immutable.
type Record struct {
	// Line is the event's JSON without the line end.
	Line []byte
}

// Members takes the line apart. The names are the flat ones of docs/events.md;
// numbers are json.Number.
func (r Record) Members() (Members, error) {
	d := json.NewDecoder(bytes.NewReader(r.Line))
	d.UseNumber()
	var m Members
	if err := d.Decode(&m); err != nil {
		return nil, fmt.Errorf("event line: %w", err)
	}
	return m, nil
}

// Members are the members of an event by name.
type Members map[string]any

// Text returns a string or a number as text, "" when there is none.
func (m Members) Text(name string) string {
	switch v := m[name].(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// Time returns "@timestamp", the zero time when there is none.
func (m Members) Time() time.Time {
	t, err := time.Parse(time.RFC3339, m.Text("@timestamp"))
	if err != nil {
		return time.Time{}
	}
	return t
}

// Summary is the event in one line for people: "block sqli in query.q".
func (m Members) Summary() string {
	text := m.Text("event.action")
	if message := m.Text("message"); message != "" {
		return text + ": " + message
	}
	if fault := m.Text("glacis.fault"); fault != "" {
		text += " " + fault
	}
	if family := m.Text("glacis.family"); family != "" {
		text += " " + family + " in " + m.Text("glacis.location")
	}
	return text
}
