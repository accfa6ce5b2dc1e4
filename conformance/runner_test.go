package conformance

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
)

// fake is a gateway with one fault, between the client and the backend.
type fake struct {
	*Events
	backend string
	event   func(e *Event)              // changes what is reported; nil ID: not at all
	raw     func(raw []byte) []byte     // changes what is forwarded
	answer  func(status int) (code int) // changes what the client gets
	always  bool                        // forwards what it blocks, too
}

func (f *fake) Exchange(ctx context.Context, m *Message) (*Answer, error) {
	if m.Request == nil {
		return &Answer{Status: http.StatusBadRequest}, nil
	}
	engine, err := reference()
	if err != nil {
		return nil, err
	}
	v := engine.Inspect(m.Request)
	e := NewEvent(m.ID, &v)
	status := http.StatusOK
	if e.Action.Refuses() {
		status = http.StatusForbidden
	}
	if f.event != nil {
		f.event(&e)
	}
	if e.ID != "" {
		f.Add(e)
	}
	if f.answer != nil {
		status = f.answer(status)
	}
	a := &Answer{Status: status}
	if status == http.StatusOK || f.always {
		sent := *m
		if f.raw != nil {
			sent.Raw = f.raw(m.Raw)
		}
		got, err := exchange1(ctx, f.backend, &sent)
		if err != nil || status == http.StatusOK {
			return got, err
		}
	}
	return a, nil
}

func replace(old, new string) func([]byte) []byte {
	return func(raw []byte) []byte { return bytes.Replace(raw, []byte(old), []byte(new), 1) }
}

// find returns the case of a name.
func find(t *testing.T, name string) *Case {
	t.Helper()
	cases, err := Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if c.Name() == name {
			return c
		}
	}
	t.Fatalf("no case %s", name)
	return nil
}

// TestFaults makes gateways with one fault each: the suite has to see it.
func TestFaults(t *testing.T) {
	backend, err := NewBackend("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer backend.Close()
	const honest, repeated, attack = "pass-through/query", "pass-through/repeated-header", "sqli/union-users.query"
	faults := []struct {
		name, on, want string
		fake           fake
	}{
		{"none", honest, "", fake{}},
		{"none, repeated header", repeated, "", fake{}},
		{"none, attack", attack, "", fake{}},
		{"none, body", "bodies/json-escapes", "", fake{}},
		{"none, trailers", "streaming/trailers", "", fake{}},
		{"lets attacks through", attack, "want block, got pass", fake{answer: func(int) int { return 200 }}},
		{"blocks everything", honest, "want pass, got block", fake{answer: func(int) int { return 403 }}},
		{"hangs up", honest, "want pass, got refuse", fake{answer: func(int) int { return 0 }}},
		{"forwards what it blocks", attack, "the upstream got the whole request", fake{always: true}},
		{"changes the target", honest, "the upstream got target", fake{raw: replace("?b=2&a=1", "?a=1&b=2")}},
		{"changes the method", honest, "the upstream got method", fake{raw: replace("GET ", "HEAD ")}},
		{"drops a header line", repeated, "header X-Tag", fake{raw: replace("X-Tag: two\r\n", "")}},
		{"changes the order", repeated, "header X-Tag", fake{raw: replace("X-Tag: one\r\nX-Tag: two", "X-Tag: two\r\nX-Tag: one")}},
		{"changes the body", "bodies/json-nested", "another body", fake{raw: replace("deep", "DEEP")}},
		{"drops trailers", "streaming/trailers", "trailer X-Checksum", fake{raw: replace("X-Checksum: 1b2c3d\r\n\r\n", "\r\n")}},
		{"reports nothing", honest, "no event came", fake{event: func(e *Event) { e.ID = "" }}},
		{"reports another score", attack, "the engine says block", fake{event: func(e *Event) { e.Score-- }}},
		{"reports another family", attack, "the engine says block", fake{event: func(e *Event) { e.Family = "xss" }}},
		{"reports another location", attack, "the engine says block", fake{event: func(e *Event) { e.Location = "query.p" }}},
		{"reports another confidence", attack, "the engine says block", fake{event: func(e *Event) { e.Confidence = "high" }}},
		{"failed to inspect", honest, "fault timeout", fake{event: func(e *Event) { e.Fault = "timeout" }}},
		{"does not say what it left out", "limits/body-9m", "not inspected", fake{event: func(e *Event) { e.Uninspected = 0 }}},
	}
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			f.fake.Events, f.fake.backend = NewEvents(), backend.Address()
			r := &Runner{Instance: &f.fake, Backend: backend, silent: 6}
			res := r.Run(t.Context(), find(t, f.on))
			if failed := res.Outcome == Failed; failed != (f.want != "") || !strings.Contains(res.Detail, f.want) {
				t.Errorf("%s: %s, want %q", res.Outcome, res.Detail, f.want)
			}
		})
	}
}

func TestProbeFindsBadWiring(t *testing.T) {
	backend, err := NewBackend("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer backend.Close()
	for name, c := range map[string]struct {
		instance Instance
		want     string
	}{
		"nothing between client and backend": {HTTP(backend.Address(), NewEvents()), "pass probe in query: no event came"},
		"everything is refused":              {&fake{Events: NewEvents(), answer: func(int) int { return 502 }}, "pass probe in query: want pass, got refuse"},
		"nothing is blocked":                 {&fake{Events: NewEvents(), backend: backend.Address(), answer: func(int) int { return 200 }}, "block probe in query: want block, got pass"},
	} {
		r := &Runner{Instance: c.instance, Backend: backend, silent: 6}
		if err := Probe(t.Context(), r); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	good := &Runner{Instance: &fake{Events: NewEvents(), backend: backend.Address()}, Backend: backend}
	if err := Probe(t.Context(), good); err != nil {
		t.Error(err)
	}
}

func TestDeviations(t *testing.T) {
	backend, err := NewBackend("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer backend.Close()
	run := func(d Deviation, f fake, name string) Result {
		f.Events, f.backend = NewEvents(), backend.Address()
		return (&Runner{Instance: &f, Backend: backend, Deviations: []Deviation{d}}).Run(t.Context(), find(t, name))
	}
	all := Deviation{Cases: "pass-through/*", Reason: "because"}
	all.Kind = Skipped
	if res := run(all, fake{}, "pass-through/query"); res.Outcome != Outcome(Skipped) || res.Detail != "because" {
		t.Errorf("skipped: %v", res)
	}
	all.Kind = Altered
	if res := run(all, fake{raw: replace("?b=2&a=1", "?a=1&b=2")}, "pass-through/query"); res.Outcome != Outcome(Altered) {
		t.Errorf("altered: %v", res)
	}
	if res := run(all, fake{}, "sqli/union-users.query"); res.Outcome != OK {
		t.Errorf("a deviation touched another case: %v", res)
	}
	all.Kind = Refused
	if res := run(all, fake{answer: func(int) int { return 400 }}, "pass-through/query"); res.Outcome != Outcome(Refused) {
		t.Errorf("refused: %v", res)
	}
	if res := run(all, fake{}, "pass-through/query"); res.Outcome != Failed {
		t.Errorf("a deviation that does not show any more was not reported: %v", res)
	}
}
