package metrics

import (
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// Request is one request that is over.
type Request struct {
	// Endpoint is the way the request came in: "proxy", "inspect", "ext_proc".
	Endpoint string
	// Action is what was done.
	Action gateway.Action
	// Verdict is the engine's.
	Verdict *core.Verdict
	// Fault is why it was not inspected to its end, "" if it was.
	Fault string
	// Fed is how many body bytes the engine was shown, NotShown how many bytes of
	// Verdict.Uninspected it was not.
	Fed, NotShown int64
	// Spent is what the inspection took.
	Spent Spent
	// ID is the request id, Began when the inspection did, and Parent the
	// request's traceparent header, for traces.
	ID     string
	Began  time.Time
	Parent string
}

// Observe counts a request.
func (s *Set) Observe(r *Request) {
	v, action := r.Verdict, string(r.Action)
	s.requests.WithLabelValues(r.Endpoint, action).Inc()
	s.all.Add(1)
	if r.Action == gateway.ActionBlock {
		s.blocked.Add(1)
	}
	if v.Confidence > core.ConfidenceNone || v.Action == core.Block || len(v.Violations) > 0 || r.Fault != "" {
		s.verdicts.WithLabelValues(s.assets.of(v.Asset), v.Family.Name(), v.Confidence.Name(), action).Inc()
	}
	s.fault(r)
	s.span(r)
	reason := ""
	for k, n := range v.Limits {
		if n == 0 {
			continue
		}
		name := core.LimitKind(k).Name()
		s.limits.WithLabelValues(name).Inc()
		if reason != "" {
			name = "several"
		}
		reason = name
	}
	if r.NotShown > 0 {
		s.uninspected.WithLabelValues("not_shown").Add(float64(r.NotShown))
	}
	if rest := v.Uninspected - r.NotShown; rest > 0 {
		if reason == "" {
			reason = "unknown"
		}
		s.uninspected.WithLabelValues(reason).Add(float64(rest))
	}
	s.bodyBytes.Add(float64(r.Fed))
	s.seconds.WithLabelValues(r.Endpoint).Observe(r.Spent.Total().Seconds())
	for stage, d := range r.Spent {
		if d > 0 {
			s.stages.WithLabelValues(stageNames[stage]).Observe(d.Seconds())
		}
	}
}

// fault counts an inspection that did not come to its end.
func (s *Set) fault(r *Request) {
	if r.Fault == "" {
		return
	}
	s.failures.WithLabelValues(r.Fault, outcome(r.Action)).Inc()
	s.failed.Add(1)
	switch r.Action {
	case gateway.ActionFailOpen:
		s.open.Add(1)
	case gateway.ActionFailClosed:
		s.closed.Add(1)
	}
}

// outcome says what a fault led to.
func outcome(a gateway.Action) string {
	switch a {
	case gateway.ActionFailOpen:
		return "open"
	case gateway.ActionFailClosed:
		return "closed"
	}
	return "judged"
}

// Counts are the totals since the start, for status.
type Counts struct {
	// Requests were seen, Blocked refused because of their verdict.
	Requests uint64 `json:"requests"`
	Blocked  uint64 `json:"blocked"`
	// FailOpen were let through and FailClosed refused without an inspection to
	// the end; Failures are all inspections that did not come to it.
	FailOpen   uint64 `json:"fail_open"`
	FailClosed uint64 `json:"fail_closed"`
	Failures   uint64 `json:"failures"`
}

// Counts returns a snapshot.
func (s *Set) Counts() Counts {
	return Counts{s.all.Load(), s.blocked.Load(), s.open.Load(), s.closed.Load(), s.failed.Load()}
}
