package shadow

import "github.com/prometheus/client_golang/prometheus"

// collector shows a Report as metrics.
type collector struct{ shadow *Shadow }

// Metrics returns a collector of what s has found.
func (s *Shadow) Metrics() prometheus.Collector { return collector{s} }

var (
	requestsDesc = prometheus.NewDesc("glacis_shadow_requests_total",
		"Sampled requests by what became of the comparison: compared, partial (too long), dropped (queue full) or failed.", []string{"result"}, nil)
	actionsDesc = prometheus.NewDesc("glacis_shadow_differences_total",
		"Compared requests whose action would change, by what the shadow model would do.", []string{"action"}, nil)
	modelDesc = prometheus.NewDesc("glacis_shadow_model_info", "Always 1; the label names the shadow model.", []string{"model"}, nil)
)

// Describe implements prometheus.Collector.
func (collector) Describe(ch chan<- *prometheus.Desc) {
	ch <- requestsDesc
	ch <- actionsDesc
	ch <- modelDesc
}

// Collect implements prometheus.Collector.
func (c collector) Collect(ch chan<- prometheus.Metric) {
	r := c.shadow.Report()
	for _, x := range []struct {
		desc  *prometheus.Desc
		label string
		n     int64
	}{{requestsDesc, "compared", r.Compared}, {requestsDesc, "partial", r.Partial}, {requestsDesc, "dropped", r.Dropped}, {requestsDesc, "failed", r.Failed},
		{actionsDesc, "block", r.Blocks}, {actionsDesc, "pass", r.Passes}} {
		ch <- prometheus.MustNewConstMetric(x.desc, prometheus.CounterValue, float64(x.n), x.label)
	}
	if r.Model != "" {
		ch <- prometheus.MustNewConstMetric(modelDesc, prometheus.GaugeValue, 1, r.Model)
	}
}
