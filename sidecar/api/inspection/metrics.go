package inspection

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/glacis-waf/glacis/events/metrics"
	"github.com/glacis-waf/glacis/gateway"
)

// Metrics counts what a Service does: what every process of Glacis counts. Its
// registry is open to other parts of the sidecar.
type Metrics struct {
	*metrics.Set

	inFlight prometheus.Gauge
	rates    *prometheus.CounterVec
}

// NewMetrics registers the metrics.
func NewMetrics() *Metrics {
	s := metrics.New()
	s.Start("inspect", []gateway.Action{gateway.ActionPass, gateway.ActionBlock}, []string{FaultPanic, FaultTimeout, FaultOverload, FaultBody})
	return &Metrics{Set: s,
		rates:    s.Counter("glacis_rate_limited_total", "Requests beyond a rate limit of the policy, by limit and by whether they were refused.", "limit", "refused"),
		inFlight: s.Gauge("glacis_inspections_in_flight", "Requests under inspection in the sidecar.").WithLabelValues()}
}

// limited counts a request beyond a rate limit.
func (m *Metrics) limited(limit string, refused bool) {
	m.rates.WithLabelValues(limit, strconv.FormatBool(refused)).Inc()
}

// observe counts one finished inspection.
func (m *Metrics) observe(in *Inspection, action gateway.Action, id string) {
	v := in.Verdict()
	m.Observe(&metrics.Request{Endpoint: in.endpoint, Action: action, Verdict: &v, Fault: in.fault, Fed: in.fed, NotShown: in.skipped, Spent: in.spent,
		ID: id, Began: in.began, Parent: in.parent})
}
