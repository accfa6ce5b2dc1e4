package proxy

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// Metrics counts what a Proxy does, in a registry of its own.
type Metrics struct {
	// Registry gathers the metrics, those of the Go runtime and the process
	// included.
	Registry *prometheus.Registry

	requests    *prometheus.CounterVec
	findings    *prometheus.CounterVec
	failures    *prometheus.CounterVec
	limits      *prometheus.CounterVec
	answers     *prometheus.CounterVec
	rates       *prometheus.CounterVec
	upstream    *prometheus.CounterVec
	bodyBytes   prometheus.Counter
	uninspected prometheus.Counter
	inFlight    prometheus.Gauge
	inspection  prometheus.Histogram
	info        *prometheus.GaugeVec
}

// NewMetrics registers the metrics; model is for SetModel.
func NewMetrics(model string) *Metrics {
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
		requests:    vec("glacis_requests_total", "Requests by what was done with them.", "action"),
		findings:    vec("glacis_findings_total", "Requests that were not clean, by family and confidence of the strongest finding.", "family", "confidence"),
		failures:    vec("glacis_inspection_failures_total", "Inspections that did not come to their end, by cause.", "cause"),
		limits:      vec("glacis_limits_total", "Requests in which a limit of the engine was reached, by limit.", "limit"),
		answers:     vec("glacis_responses_total", "Responses by the class of their status.", "class"),
		upstream:    vec("glacis_upstream_errors_total", "Requests that the upstream did not answer, by cause.", "cause"),
		rates:       vec("glacis_rate_limited_total", "Requests beyond a rate limit of the policy, by limit and by whether they were refused.", "limit", "refused"),
		bodyBytes:   count("glacis_request_body_bytes_total", "Body bytes shown to the engine."),
		uninspected: count("glacis_uninspected_bytes_total", "Bytes that no decoder looked at because of a limit."),
		inFlight:    prometheus.NewGauge(prometheus.GaugeOpts{Name: "glacis_requests_in_flight", Help: "Requests being served."}),
		inspection: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "glacis_inspection_seconds",
			Help: "Time spent inspecting one request, without waiting.", Buckets: prometheus.ExponentialBuckets(1e-6, 4, 12)}),
	}
	m.info = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "glacis_model_info", Help: "Always 1; the label names the model."}, []string{"model"})
	m.SetModel(model)
	reg.MustRegister(m.inFlight, m.inspection, m.info, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, action := range []gateway.Action{gateway.ActionPass, gateway.ActionBlock, gateway.ActionDetect,
		gateway.ActionFailOpen, gateway.ActionFailClosed, actionReject} {
		m.requests.WithLabelValues(string(action))
	}
	for _, cause := range []string{causePanic, causeTimeout} {
		m.failures.WithLabelValues(cause)
	}
	for k := core.LimitKind(0); k < core.LimitKinds; k++ {
		m.limits.WithLabelValues(k.Name())
	}
	return m
}

// SetModel names the model in force, the label of glacis_model_info.
func (m *Metrics) SetModel(name string) {
	m.info.Reset()
	m.info.WithLabelValues(name).Set(1)
}

// observe counts one finished request.
func (m *Metrics) observe(action gateway.Action, res result) {
	m.requests.WithLabelValues(string(action)).Inc()
	if res.Confidence > core.ConfidenceNone {
		m.findings.WithLabelValues(res.Family.Name(), res.Confidence.Name()).Inc()
	}
	if res.failure != "" {
		m.failures.WithLabelValues(res.failure).Inc()
	}
	for k, n := range res.Limits {
		if n > 0 {
			m.limits.WithLabelValues(core.LimitKind(k).Name()).Inc()
		}
	}
	m.bodyBytes.Add(float64(res.fed))
	m.uninspected.Add(float64(res.Uninspected))
	m.inspection.Observe(res.spent.Seconds())
}

// limited counts a request beyond a rate limit.
func (m *Metrics) limited(limit string, refused bool) {
	m.rates.WithLabelValues(limit, strconv.FormatBool(refused)).Inc()
}

// answer counts a response.
func (m *Metrics) answer(status int) {
	classes := [...]string{"none", "1xx", "2xx", "3xx", "4xx", "5xx"}
	if class := status / 100; class < len(classes) {
		m.answers.WithLabelValues(classes[class]).Inc()
	}
}
