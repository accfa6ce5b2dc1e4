package exception

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/events"
)

// cmd/glacis has a real verdict's exception tried out (TestFromEvent).
func TestFromEvent(t *testing.T) {
	for _, c := range []struct{ name, line, want, err string }{
		{name: "all", line: `{"event.id":"0123456789","@timestamp":"T","event.action":"block","glacis.reason":"score","glacis.asset":"shop","http.request.method":"GET","url.path":"/a*","glacis.location":"query.q#base64","glacis.family":"sqli"}`,
			want: `id: event-0123456789 action: skip assets: [shop] paths: [/a\*] methods: [GET] locations: [query.q#base64] families: [sqli] reason: request 0123456789 of T`},
		{name: "little", line: `{"event.id":"a","event.action":"detect","glacis.location":"path","glacis.family":"none"}`, want: `id: event-a action: skip locations: [path] reason: request a of`},
		{name: "long id", line: `{"event.id":"` + strings.Repeat("x", 128) + `","glacis.location":"path"}`,
			want: "id: event-" + strings.Repeat("x", 34) + " action: skip locations: [path] reason: request " + strings.Repeat("x", 128) + " of"},
		{name: "hostile", line: `{"event.id":"a\n- id: b","glacis.location":"query.x\n  action: allow"}`, want: `id: |- event-a - id: b action: skip locations: [query.x\n action: allow] reason: request a\n- id: b of`},
		{name: "protection", line: `{"event.id":"a","glacis.reason":"methods","glacis.violations":["methods TRACE",5]}`, err: "(methods TRACE): change methods"},
		{name: "exception", line: `{"event.id":"a","glacis.reason":"exception"}`, err: "change that one"},
		{name: "no finding", line: `{"event.id":"a"}`, err: "nothing to except"},
	} {
		m, err := events.Record{Line: []byte(c.line)}.Members()
		if err != nil {
			t.Fatal(err)
		}
		x, err := FromEvent(m)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		text, err := YAML(x)
		if got := flat(string(text)); err != nil || got != c.want {
			t.Errorf("%s: %v, %s; want %s", c.name, err, got, c.want)
		}
	}
}

// flat takes line ends and quotes out of YAML.
func flat(text string) string {
	text = strings.NewReplacer("'", "", `"`, "").Replace(text)
	return strings.TrimPrefix(strings.Join(strings.Fields(text), " "), "exceptions: - ")
}
