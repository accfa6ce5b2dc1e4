// Package eventlog reads event lines (docs/events.md) from files and sidecars,
// filters them and prints them for people.
package eventlog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
	"github.com/glacis-waf/glacis/events"
)

// start is what an event line begins with; a gateway may have put text of its
// own before it.
var start = []byte(`{"event.version":`)

// Event is one event.
type Event struct {
	// Line is its JSON.
	Line []byte
	events.Members
}

// Parse finds the event in a line; ok is false if there is none.
func Parse(line []byte) (e Event, ok bool) {
	i := bytes.Index(line, start)
	if i < 0 {
		return e, false
	}
	var raw json.RawMessage
	if json.NewDecoder(bytes.NewReader(line[i:])).Decode(&raw) != nil {
		return e, false
	}
	m, err := events.Record{Line: raw}.Members()
	return Event{Line: raw, Members: m}, err == nil
}

// Print writes an event on one line for people. What clients sent cannot move
// the terminal's cursor.
func (e *Event) Print(w io.Writer) error {
	var b strings.Builder
	b.WriteString(e.Text("@timestamp"))
	fmt.Fprintf(&b, " %-11s", e.Text("event.action"))
	if family := e.Text("glacis.family"); family != "" {
		fmt.Fprintf(&b, " %s %s (%s)", e.Text("glacis.confidence"), family, e.Text("glacis.score"))
		fmt.Fprintf(&b, " in %s: %q", e.Text("glacis.location"), e.Text("glacis.window"))
	}
	if message := e.Text("message"); message != "" {
		b.WriteString(" " + message)
	}
	for _, name := range []string{"glacis.fault", "glacis.reason"} {
		if text := e.Text(name); text != "" && text != "score" {
			b.WriteString(" " + name[len("glacis."):] + " " + text)
		}
	}
	b.WriteString(" |")
	for _, part := range [...]struct{ before, text string }{{" ", e.Text("http.request.method")}, {" ", e.Text("url.domain") + e.Text("url.path")},
		{" from ", e.Text("source.ip")}, {", asset ", e.Text("glacis.asset")}, {", by ", e.Text("observer.name")}, {", id ", e.Text("event.id")}} {
		if part.text != "" {
			b.WriteString(part.before + part.text)
		}
	}
	_, err := io.WriteString(w, safetext.Terminal(b.String())+"\n")
	return err
}
