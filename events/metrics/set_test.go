package metrics

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/events"
	"github.com/glacis-waf/glacis/gateway"
)

// observed returns a set that has seen a bit of everything.
func observed() *Set {
	s := New()
	s.SetModel("basic 1.0.0")
	s.Start("proxy", []gateway.Action{gateway.ActionPass}, []string{"timeout"})
	attack := core.Verdict{Action: core.Block, Asset: "shop", Confidence: core.ConfidenceCritical, Family: model.SQLi, Uninspected: 10}
	attack.Limits[core.LimitBody] = 1
	s.Observe(&Request{Endpoint: "proxy", Action: gateway.ActionBlock, Verdict: &attack, Fed: 100, Spent: Spent{Head: time.Microsecond, Body: time.Millisecond}})
	both := core.Verdict{Uninspected: 7}
	both.Limits[core.LimitDepth], both.Limits[core.LimitValues] = 1, 2
	s.Observe(&Request{Endpoint: "inspect", Action: gateway.ActionFailOpen, Fault: "timeout", Verdict: &both, NotShown: 3})
	s.Observe(&Request{Endpoint: "inspect", Action: gateway.ActionFailClosed, Fault: "panic", Verdict: &core.Verdict{Uninspected: 1}})
	s.Observe(&Request{Endpoint: "inspect", Action: gateway.ActionPass, Verdict: &core.Verdict{}})
	return s
}

func TestObserve(t *testing.T) {
	s := observed()
	want := `# HELP glacis_inspection_failures_total Inspections that did not come to their end, by cause, and whether the request was let through (open), refused (closed) or had been judged already (judged).
# TYPE glacis_inspection_failures_total counter
glacis_inspection_failures_total{cause="panic",outcome="closed"} 1
glacis_inspection_failures_total{cause="timeout",outcome="closed"} 0
glacis_inspection_failures_total{cause="timeout",outcome="open"} 1
# HELP glacis_verdicts_total Requests with a finding, a violation or a fault, by asset, family and confidence of the strongest finding, and what was done.
# TYPE glacis_verdicts_total counter
glacis_verdicts_total{action="block",asset="shop",confidence="critical",family="sqli"} 1
glacis_verdicts_total{action="fail_closed",asset="",confidence="none",family="none"} 1
glacis_verdicts_total{action="fail_open",asset="",confidence="none",family="none"} 1
`
	if err := testutil.GatherAndCompare(s.Registry, strings.NewReader(want), "glacis_inspection_failures_total", "glacis_verdicts_total"); err != nil {
		t.Error(err)
	}
	for reason, want := range map[string]float64{"body": 10, "several": 4, "not_shown": 3, "unknown": 1, "depth": 0} {
		if got := testutil.ToFloat64(s.uninspected.WithLabelValues(reason)); got != want {
			t.Errorf("%s: %v bytes, want %v", reason, got, want)
		}
	}
	if got := s.Counts(); got != (Counts{Requests: 4, Blocked: 1, FailOpen: 1, FailClosed: 1, Failures: 2}) {
		t.Errorf("%+v", got)
	}
	if n := testutil.CollectAndCount(s.stages); n != 2 {
		t.Errorf("%d stages: those that did not happen are not counted as fast ones", n)
	}
}

// The assets of a policy are bounded, however many it has.
func TestAssetsAreBounded(t *testing.T) {
	s := New()
	for i := range 3 * maxNames {
		s.Observe(&Request{Endpoint: "proxy", Verdict: &core.Verdict{Asset: fmt.Sprint("asset", i), Confidence: core.ConfidenceHigh, Family: model.XSS}})
	}
	if n := testutil.CollectAndCount(s.verdicts); n != maxNames+1 {
		t.Errorf("%d series", n)
	}
	if got := testutil.ToFloat64(s.verdicts.WithLabelValues("other", "xss", "high", "")); got != 2*maxNames {
		t.Errorf("%v others", got)
	}
}

func TestSinks(t *testing.T) {
	s := New()
	s.Sinks(func() []events.Stats {
		return []events.Stats{{Name: "file", Sent: 5, Full: 1, Failed: 2, Closed: 3, Waiting: 4, Error: "disk full"}}
	})
	want := `# HELP glacis_event_sink_error 1 while a sink does not take events.
# TYPE glacis_event_sink_error gauge
glacis_event_sink_error{sink="file"} 1
# HELP glacis_events_dropped_total Events that did not arrive, by sink and reason: the queue was full (full), the sink refused them for good or for too long (failed), or the process ended (closed).
# TYPE glacis_events_dropped_total counter
glacis_events_dropped_total{reason="closed",sink="file"} 3
glacis_events_dropped_total{reason="failed",sink="file"} 2
glacis_events_dropped_total{reason="full",sink="file"} 1
# HELP glacis_events_waiting Events that wait in the queue of a sink.
# TYPE glacis_events_waiting gauge
glacis_events_waiting{sink="file"} 4
# HELP glacis_events_total Events that arrived, by sink.
# TYPE glacis_events_total counter
glacis_events_total{sink="file"} 5
`
	if err := testutil.GatherAndCompare(s.Registry, strings.NewReader(want), "glacis_event_sink_error", "glacis_events_dropped_total", "glacis_events_total", "glacis_events_waiting"); err != nil {
		t.Error(err)
	}
}

func TestLint(t *testing.T) {
	s := observed()
	s.Sinks(func() []events.Stats { return []events.Stats{{Name: "file"}} })
	problems, err := testutil.GatherAndLint(s.Registry)
	if err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
}

func BenchmarkObserve(b *testing.B) {
	s := New()
	r := &Request{Endpoint: "proxy", Action: gateway.ActionPass, Verdict: &core.Verdict{}, Spent: Spent{1000, 0, 1000}}
	b.ReportAllocs()
	for b.Loop() {
		s.Observe(r)
	}
}
