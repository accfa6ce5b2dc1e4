package conformance

import (
	"context"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

func eventLine(t *testing.T, id string) (string, Event) {
	t.Helper()
	engine, err := reference()
	if err != nil {
		t.Fatal(err)
	}
	r, _, err := put("query", "1' UNION SELECT username, password FROM users-- -")
	if err != nil {
		t.Fatal(err)
	}
	v := engine.Inspect(&r)
	if v.Action != core.Block {
		t.Fatal("the sample attack passes")
	}
	e := gateway.Event{ID: id, Gateway: "test", Action: gateway.ActionBlock, Verdict: v}
	want := NewEvent(id, &v)
	want.Gateway = "test"
	return string(e.Append(nil)), want
}

// TestEvents: an event is found however a gateway wraps it, and equals the one
// made of the verdict itself.
func TestEvents(t *testing.T) {
	line, want := eventLine(t, "conf-event-1")
	inJSON, err := json.Marshal(map[string]any{"level": "info", "msg": line, "n": 1})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"plain":         line,
		"envoy":         "[2026-11-22 10:00:00.000][12][warning][wasm] wasm log waf: " + line,
		"nginx":         "2026/11/22 10:00:00 [notice] 5#5: *1 [lua] log.lua:3: " + line + ", client: 127.0.0.1, server: x",
		"string member": string(inJSON),
	} {
		events := NewEvents()
		log := "start {\nsome other line\n" + text + "\nthe end\n"
		for i := range len(log) { // byte by byte: lines must be put together
			if _, err := events.Write([]byte{log[i]}); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		got, ok := events.Event(ctx, "conf-event-1")
		cancel()
		if !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v %+v, want %+v", name, ok, got, want)
		}
	}
}

func TestEventsWait(t *testing.T) {
	line, _ := eventLine(t, "conf-event-2")
	events := NewEvents()
	found := make(chan bool)
	go func() {
		_, ok := events.Event(t.Context(), "conf-event-2")
		found <- ok
	}()
	if _, err := events.Write([]byte("{}\n" + line + "\n")); err != nil {
		t.Fatal(err)
	}
	if !<-found {
		t.Error("an event that came later was not found")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, ok := events.Event(ctx, "conf-event-3"); ok {
		t.Error("an event was made up")
	}
}

func TestEventsBounded(t *testing.T) {
	events := NewEvents()
	for range 40 {
		if _, err := events.Write(make([]byte, 100<<10)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(events.partial); n > maxLine {
		t.Errorf("%d bytes are kept of a line that does not end", n)
	}
}
