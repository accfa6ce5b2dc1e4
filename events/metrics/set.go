package metrics

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/events"
	"github.com/glacis-waf/glacis/gateway"
)

// Set counts what a process does with requests. It is safe for concurrent use.
type Set struct {
	// Registry gathers the metrics, those of the Go runtime and the process
	// included. Other parts add theirs.
	Registry *prometheus.Registry

	requests    *prometheus.CounterVec
	verdicts    *prometheus.CounterVec
	failures    *prometheus.CounterVec
	limits      *prometheus.CounterVec
	uninspected *prometheus.CounterVec
	bodyBytes   prometheus.Counter
	seconds     *prometheus.HistogramVec
	stages      *prometheus.HistogramVec
	info        *prometheus.GaugeVec
	assets      names
	traces      *events.Traces // nil for none

	all, blocked, open, closed, failed atomic.Uint64
}

// Stage is a part of an inspection.
type Stage uint8

// The stages, in the order in which a request passes them.
const (
	// Head is the request line and the headers.
	Head Stage = iota
	// Body is everything after them up to the end.
	Body
	// End is the trailers and what can be judged only at the end.
	End
	// Stages is their number.
	Stages
)

var stageNames = [Stages]string{"head", "body", "end"}

// Spent is the time that each stage of one inspection took, without waiting.
type Spent [Stages]time.Duration

// Total is the time of all stages.
func (s *Spent) Total() time.Duration { return s[Head] + s[Body] + s[End] }

// buckets are 1 µs, 4 µs, … 4.2 s.
var buckets = prometheus.ExponentialBuckets(1e-6, 4, 12)

// New registers the metrics in a registry of their own.
func New() *Set {
	s := &Set{Registry: prometheus.NewRegistry()}
	s.requests = s.Counter("glacis_requests_total", "Requests by the way they came in and what was done with them.", "endpoint", "action")
	s.verdicts = s.Counter("glacis_verdicts_total", "Requests with a finding, a violation or a fault, by asset, family and confidence of the strongest finding, and what was done.", "asset", "family", "confidence", "action")
	s.failures = s.Counter("glacis_inspection_failures_total", "Inspections that did not come to their end, by cause, and whether the request was let through (open), refused (closed) or had been judged already (judged).", "cause", "outcome")
	s.limits = s.Counter("glacis_limits_total", "Requests in which a limit of the engine was reached, by limit.", "limit")
	s.uninspected = s.Counter("glacis_uninspected_bytes_total", "Bytes that no decoder looked at, by the limit that was the reason, several limits at once (several), or because they were not shown to the engine (not_shown).", "reason")
	s.bodyBytes = s.Counter("glacis_request_body_bytes_total", "Body bytes shown to the engine.").WithLabelValues()
	s.seconds = s.Histogram("glacis_inspection_seconds", "Time spent inspecting one request, without waiting.", buckets, "endpoint")
	s.stages = s.Histogram("glacis_inspection_stage_seconds", "Time spent in one stage of an inspection: head, body or end.", buckets, "stage")
	s.info = s.Gauge("glacis_model_info", "Always 1; the label names the model in force.", "model")
	s.Registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for k := core.LimitKind(0); k < core.LimitKinds; k++ {
		s.limits.WithLabelValues(k.Name())
		s.uninspected.WithLabelValues(k.Name())
	}
	return s
}

// Counter registers a counter.
func (s *Set) Counter(name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	s.Registry.MustRegister(c)
	return c
}

// Gauge registers a gauge.
func (s *Set) Gauge(name, help string, labels ...string) *prometheus.GaugeVec {
	g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
	s.Registry.MustRegister(g)
	return g
}

// Histogram registers a histogram.
func (s *Set) Histogram(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
	s.Registry.MustRegister(h)
	return h
}

// Start shows an endpoint's actions and causes as 0 before the first request,
// so that rates are right from the start.
func (s *Set) Start(endpoint string, actions []gateway.Action, causes []string) {
	for _, a := range actions {
		s.requests.WithLabelValues(endpoint, string(a))
	}
	for _, cause := range causes {
		s.failures.WithLabelValues(cause, outcome(gateway.ActionFailOpen))
		s.failures.WithLabelValues(cause, outcome(gateway.ActionFailClosed))
	}
}

// SetModel names the model in force.
func (s *Set) SetModel(name string) {
	s.info.Reset()
	s.info.WithLabelValues(name).Set(1)
}

// maxNames bounds the values of a label that a policy names.
const maxNames = 100

// names bounds the values of a label.
type names struct {
	mu   sync.Mutex
	seen map[string]string
}

// of returns the label's value for a name.
func (n *names) of(name string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if value, ok := n.seen[name]; ok {
		return value
	}
	if len(n.seen) >= maxNames {
		return "other"
	}
	if n.seen == nil {
		n.seen = make(map[string]string)
	}
	value := gateway.Clip(name, 64)
	n.seen[name] = value
	return value
}
