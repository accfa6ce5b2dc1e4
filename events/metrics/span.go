package metrics

import (
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/events"
)

// Trace exports a span for a sample of the requests that are observed. It comes
// before the first.
func (s *Set) Trace(t *events.Traces) { s.traces = t }

// span exports a request as a span: from the beginning of its inspection to now,
// with the time that each stage really took as attributes.
func (s *Set) span(r *Request) {
	if r.Began.IsZero() || !s.traces.Sampled() {
		return
	}
	v := r.Verdict
	span := &events.Span{Name: "glacis.inspect", Parent: r.Parent, Begin: r.Began, End: time.Now(), Fault: r.Fault,
		Texts: map[string]string{"glacis.endpoint": r.Endpoint, "event.action": string(r.Action), "event.id": r.ID, "glacis.asset": v.Asset,
			"glacis.confidence": v.Confidence.Name(), "glacis.model": v.Model, "glacis.policy": v.Policy},
		Numbers: map[string]int64{"glacis.score": int64(v.Score), "glacis.uninspected_bytes": v.Uninspected, "http.request.body.bytes": r.Fed}}
	if v.Confidence > core.ConfidenceNone {
		span.Texts["glacis.family"], span.Texts["glacis.location"] = v.Family.Name(), v.Location
	}
	for stage, d := range r.Spent {
		span.Numbers["glacis.stage."+stageNames[stage]+"_us"] = d.Microseconds()
	}
	s.traces.Record(span)
}
