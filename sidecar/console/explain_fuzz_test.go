package console

import (
	"bytes"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/events"
)

// FuzzExplain states: whatever an agent sends as an event, its page and its row
// can be made, and nothing of it is markup.
func FuzzExplain(f *testing.F) {
	f.Add([]byte(`{"event.version":1,"event.action":"block","glacis.location":"query.q#base64#","glacis.family":"sqli","glacis.window":"<x-evil>","glacis.tokens":[{"text":"\u202e","weight":9}],"glacis.adjustments":[{"reason":"type","points":12}],"glacis.limits":{"depth":1}}`))
	f.Add([]byte(`{"event.id":5,"@timestamp":[],"glacis.tokens":{},"glacis.adjustments":[null],"glacis.exceptions":[1],"glacis.violations":[{}],"glacis.score":"1e9"}`))
	f.Add([]byte(`{"glacis.location":"#","glacis.reason":"score","glacis.tokens":[{"weight":-9223372036854775808}]}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		m, err := events.Record{Line: line}.Members()
		if err != nil {
			return
		}
		row := eventRow{Members: m, Time: m.Time(), Line: string(line)}
		for name, body := range map[string]any{"event": &eventPage{ID: m.Text("event.id"), Events: []explained{explain(row, time.Unix(0, 0))}}, "events": &eventsPage{Rows: []eventRow{row}, Toggle: Root}} {
			var out bytes.Buffer
			if err := templates[name].Execute(&out, &frame{Title: "Event", Page: name, Root: Root, Style: style, Who: "Anna", Body: body}); err != nil {
				t.Fatal(err)
			}
			if err := harmless(out.String()); err != nil {
				t.Errorf("%s: %v\n%s", name, err, out.Bytes())
			}
		}
	})
}
