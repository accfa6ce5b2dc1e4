package inspection

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/events"
	"github.com/glacis-waf/glacis/events/metrics"
	"github.com/glacis-waf/glacis/gateway"
)

const sqli = "1' union select name, password from users-- -"

// trap is a decompressor by which the engine falls over or takes its time.
type trap func()

func (f trap) Write([]byte, func([]byte) bool) error { f(); return nil }
func (f trap) Close(func([]byte) bool) error         { return nil }

// newService makes a service whose engine panics on the content encoding
// "panic" and dawdles on "slow".
func newService(t *testing.T, s gateway.Settings, change func(*Config)) (*Service, *bytes.Buffer) {
	t.Helper()
	engine, err := core.New(core.Config{Decompressors: map[string]core.NewDecompressor{
		"panic": func() core.Decompressor { return trap(func() { panic("the engine fell over") }) },
		"slow":  func() core.Decompressor { return trap(func() { time.Sleep(20 * time.Millisecond) }) },
	}})
	if err != nil {
		t.Fatal(err)
	}
	var events bytes.Buffer
	cfg := Config{Engine: engine, Settings: s, Events: &events, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if change != nil {
		change(&cfg)
	}
	service, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return service, &events
}

// ask inspects a request with a query, a content encoding and a body.
func ask(s *Service, query, encoding, body string) (core.Verdict, gateway.Action, string) {
	in := s.Begin("test")
	in.Head("POST", "/search?q="+query, []core.Header{{Name: "Content-Encoding", Value: encoding}})
	in.Body([]byte(body))
	in.End(nil)
	v, action, fault := in.Verdict(), in.Action(), in.Fault()
	in.Close(&Subject{ID: "request-id-1", Gateway: "test/unit", Source: "192.0.2.1:55", Method: "POST", Host: "shop.test", URI: "/search?q=private"})
	return v, action, fault
}

func TestActions(t *testing.T) {
	for _, c := range []struct {
		settings              gateway.Settings
		query, encoding, body string
		action                gateway.Action
		fault                 string
	}{
		{gateway.Settings{}, "lamp", "", "lamp", gateway.ActionPass, ""},
		{gateway.Settings{}, sqli, "", "", gateway.ActionBlock, ""},
		{gateway.Settings{}, "lamp", "", "q=" + sqli, gateway.ActionBlock, ""},
		{gateway.Settings{Mode: gateway.Detect}, sqli, "", "", gateway.ActionDetect, ""},
		{gateway.Settings{}, "lamp", "panic", "x", gateway.ActionFailOpen, FaultPanic},
		{gateway.Settings{FailMode: gateway.Closed}, "lamp", "panic", "x", gateway.ActionFailClosed, FaultPanic},
		{gateway.Settings{FailMode: gateway.Closed, Mode: gateway.Detect}, "lamp", "panic", "x", gateway.ActionFailOpen, FaultPanic},
		{gateway.Settings{}, sqli, "panic", "x", gateway.ActionBlock, FaultPanic},
		{gateway.Settings{FailMode: gateway.Closed}, "lamp", "slow", "x", gateway.ActionFailClosed, FaultTimeout},
	} {
		s, events := newService(t, c.settings, func(cfg *Config) {
			if c.encoding == "slow" {
				cfg.Timeout = 10 * time.Millisecond
			}
		})
		_, action, fault := ask(s, c.query, c.encoding, c.body)
		s.Close()
		if action != c.action || fault != c.fault {
			t.Errorf("%+v: %s, fault %q", c, action, fault)
		}
		want := metrics.Counts{Requests: 1}
		if c.fault != "" {
			want.Failures = 1
		}
		switch c.action {
		case gateway.ActionBlock:
			want.Blocked = 1
		case gateway.ActionFailOpen:
			want.FailOpen = 1
		case gateway.ActionFailClosed:
			want.FailClosed = 1
		}
		if got := s.Metrics().Counts(); got != want {
			t.Errorf("%+v: counted %+v", c, got)
		}
		if c.action != gateway.ActionPass && !strings.Contains(events.String(), `"event.action":"`+string(c.action)+`"`) {
			t.Errorf("%+v: event %s", c, events)
		}
	}
}

func TestEvent(t *testing.T) {
	s, events := newService(t, gateway.Settings{}, nil)
	ask(s, sqli, "", "")
	ask(s, "lamp", "", "") // clean, so not reported
	s.Close()
	var got map[string]any
	if err := json.Unmarshal(events.Bytes(), &got); err != nil {
		t.Fatalf("%v: %s", err, events)
	}
	for key, want := range map[string]any{"event.id": "request-id-1", "source.ip": "192.0.2.1", "url.path": "/search", "url.domain": "shop.test",
		"observer.name": "test/unit", "glacis.family": "sqli", "glacis.location": "query.q", "event.action": "block"} {
		if got[key] != want {
			t.Errorf("%s is %v, want %v", key, got[key], want)
		}
	}
	if strings.Contains(events.String(), "private") {
		t.Error("the query is in the event")
	}
}

func TestOverload(t *testing.T) {
	s, _ := newService(t, gateway.Settings{FailMode: gateway.Closed}, func(c *Config) { c.MaxInFlight = 1 })
	defer s.Close()
	first := s.Begin("test")
	if _, action, fault := ask(s, "lamp", "", ""); action != gateway.ActionFailClosed || fault != FaultOverload {
		t.Error(action, fault)
	}
	first.Close(nil)
	if _, action, fault := ask(s, "lamp", "", ""); action != gateway.ActionPass || fault != "" {
		t.Error(action, fault)
	}
}

func TestSkippedBytesAreUninspected(t *testing.T) {
	s, _ := newService(t, gateway.Settings{}, nil)
	defer s.Close()
	in := s.Begin("test")
	in.Skip(7)
	in.Skip(-3)
	if v := in.Verdict(); v.Uninspected != 7 {
		t.Error(v.Uninspected)
	}
	in.Close(nil)
}

func TestObserveNeverRefuses(t *testing.T) {
	s, _ := newService(t, gateway.Settings{}, nil)
	defer s.Close()
	in := s.Begin("test")
	in.Observe()
	in.Head("GET", "/?q="+sqli, nil)
	if in.Action() != gateway.ActionDetect || in.Prevents() {
		t.Error(in.Action())
	}
	in.Close(nil)
	if other := s.Begin("test"); !other.Prevents() {
		t.Error("the settings of others have changed")
	}
}

// blocked is a log that stands still.
type blocked chan struct{}

func (b blocked) Write(p []byte) (int, error) { <-b; return len(p), nil }

func TestSlowLogDropsEvents(t *testing.T) {
	log := make(blocked)
	s, _ := newService(t, gateway.Settings{}, func(c *Config) { c.Events = log })
	for range 9000 { // the queue has room for 8,192 and a batch
		in := s.Begin("test")
		in.Fail(FaultBody)
		in.Close(&Subject{ID: "request-id-1"})
	}
	close(log)
	s.Close()
	if n := dropped(t, s, events.DropFull); n < 100 {
		t.Errorf("%v dropped", n)
	}
}

// dropped is the metric of a reason.
func dropped(t *testing.T, s *Service, reason string) float64 {
	t.Helper()
	families, err := s.Metrics().Registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == "glacis_events_dropped_total" && m.GetLabel()[0].GetValue() == reason {
				return m.GetCounter().GetValue()
			}
		}
	}
	return -1
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestFailedWritesAreCounted(t *testing.T) {
	s, _ := newService(t, gateway.Settings{}, func(c *Config) { c.Events = failing{} })
	ask(s, sqli, "", "")
	s.Close()
	if n := dropped(t, s, events.DropFailed); n != 1 {
		t.Errorf("%v dropped", n)
	}
}

func TestConfigErrors(t *testing.T) {
	engine, err := core.New(core.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for want, cfg := range map[string]Config{
		"engine is required":   {},
		"settings: mode: soft": {Engine: engine, Settings: gateway.Settings{Mode: "soft"}},
		"must not be negative": {Engine: engine, Timeout: -1},
	} {
		if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestRequestID(t *testing.T) {
	if RequestID("client-id-1") != "client-id-1" {
		t.Error("a harmless id is replaced")
	}
	a, b := RequestID("<script>"), RequestID("")
	if len(a) != 32 || !gateway.KeepID(a) || a == b {
		t.Error(a, b)
	}
}

func TestMetricsLint(t *testing.T) {
	s, _ := newService(t, gateway.Settings{}, nil)
	defer s.Close()
	ask(s, sqli, "", "")
	families, err := s.Metrics().Registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	problems, err := promlint.NewWithMetricFamilies(families).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "glacis_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

// Many at once, while the engine is replaced.
func TestConcurrentUse(t *testing.T) {
	s, _ := newService(t, gateway.Settings{}, nil)
	defer s.Close()
	done := make(chan gateway.Action)
	for range 8 {
		go func() {
			last := gateway.ActionPass
			for range 20 {
				_, last, _ = ask(s, sqli, "", "")
			}
			done <- last
		}()
	}
	s.SetEngine(s.Engine())
	for range 8 {
		if a := <-done; a != gateway.ActionBlock {
			t.Error(a)
		}
	}
}
