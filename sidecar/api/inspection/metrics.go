package inspection

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// Metrics counts what a Service does, in a registry of its own. Names are those
// of glacis proxy, with the endpoint as one more label.
type Metrics struct {
	// Registry gathers the metrics, those of the Go runtime and the process
	// included. Other parts of the sidecar add theirs.
	Registry *prometheus.Registry

	requests    *prometheus.CounterVec
	findings    *prometheus.CounterVec
	failures    *prometheus.CounterVec
	limits      *prometheus.CounterVec
	bodyBytes   prometheus.Counter
	uninspected prometheus.Counter
	dropped     prometheus.Counter
	inFlight    prometheus.Gauge
	seconds     *prometheus.HistogramVec
	info        *prometheus.GaugeVec
}

// NewMetrics registers the metrics.
func NewMetrics() *Metrics {
	reg := prometheus.NewRegistry()
	vec := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
		reg.MustRegister(c)
		return c
	}
	count := func(name, help string) prometheus.Counter {
		c := prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
		reg.MustRegister(c)
		return c
	}
	m := &Metrics{
		Registry:    reg,
		requests:    vec("glacis_requests_total", "Requests by endpoint and what was done with them.", "endpoint", "action"),
		findings:    vec("glacis_findings_total", "Requests that were not clean, by family and confidence of the strongest finding.", "family", "confidence"),
		failures:    vec("glacis_inspection_failures_total", "Inspections that did not come to their end, by cause.", "cause"),
		limits:      vec("glacis_limits_total", "Requests in which a limit of the engine was reached, by limit.", "limit"),
		bodyBytes:   count("glacis_request_body_bytes_total", "Body bytes shown to the engine."),
		uninspected: count("glacis_uninspected_bytes_total", "Bytes that no decoder looked at, because of a limit or because they were not sent."),
		dropped:     count("glacis_events_dropped_total", "Events that were not written because the log could not keep up."),
		inFlight:    prometheus.NewGauge(prometheus.GaugeOpts{Name: "glacis_inspections_in_flight", Help: "Requests under inspection."}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "glacis_inspection_seconds",
			Help: "Time spent inspecting one request, without waiting.", Buckets: prometheus.ExponentialBuckets(1e-6, 4, 12)}, []string{"endpoint"}),
		info: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "glacis_model_info", Help: "Always 1; the label names the model."}, []string{"model"}),
	}
	reg.MustRegister(m.inFlight, m.seconds, m.info, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, cause := range []string{FaultPanic, FaultTimeout, FaultOverload, FaultBody} {
		m.failures.WithLabelValues(cause)
	}
	for k := core.LimitKind(0); k < core.LimitKinds; k++ {
		m.limits.WithLabelValues(k.Name())
	}
	return m
}

// model names the model in force.
func (m *Metrics) model(name string) {
	m.info.Reset()
	m.info.WithLabelValues(name).Set(1)
}

// observe counts one finished inspection.
func (m *Metrics) observe(in *Inspection, action gateway.Action) {
	m.requests.WithLabelValues(in.endpoint, string(action)).Inc()
	v := in.Verdict()
	if v.Confidence > core.ConfidenceNone {
		m.findings.WithLabelValues(v.Family.Name(), v.Confidence.Name()).Inc()
	}
	if in.fault != "" {
		m.failures.WithLabelValues(in.fault).Inc()
	}
	for k, n := range v.Limits {
		if n > 0 {
			m.limits.WithLabelValues(core.LimitKind(k).Name()).Inc()
		}
	}
	m.bodyBytes.Add(float64(in.fed))
	m.uninspected.Add(float64(v.Uninspected))
	m.seconds.WithLabelValues(in.endpoint).Observe(in.spent.Seconds())
}
