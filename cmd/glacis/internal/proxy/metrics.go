package proxy

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/glacis-waf/glacis/events/metrics"
	"github.com/glacis-waf/glacis/gateway"
)

// endpoint is the proxy's value of the label that tells the ways in apart.
const endpoint = "proxy"

// Metrics counts what a Proxy does: what every process of Glacis counts, and
// what only a proxy has.
type Metrics struct {
	*metrics.Set

	answers  *prometheus.CounterVec
	rates    *prometheus.CounterVec
	objects  *prometheus.CounterVec
	upstream *prometheus.CounterVec
	inFlight prometheus.Gauge
}

// NewMetrics registers the metrics; model is for SetModel.
func NewMetrics(model string) *Metrics {
	s := metrics.New()
	s.SetModel(model)
	s.Start(endpoint, []gateway.Action{gateway.ActionPass, gateway.ActionBlock, gateway.ActionDetect,
		gateway.ActionFailOpen, gateway.ActionFailClosed, gateway.ActionReject}, []string{faultPanic, faultTimeout})
	return &Metrics{
		Set:      s,
		answers:  s.Counter("glacis_responses_total", "Responses of the proxy by the class of their status; none for a client that left before.", "class"),
		upstream: s.Counter("glacis_upstream_errors_total", "Requests that the upstream did not answer, by cause: connection or timeout.", "cause"),
		rates:    s.Counter("glacis_rate_limited_total", "Requests beyond a rate limit of the policy, by limit and by whether they were refused.", "limit", "refused"),
		objects: s.Counter("glacis_response_objections_total", "Responses of the upstream that a protection of the policy objects to, by protection and by outcome: withheld, altered or reported.",
			"protection", "outcome"),
		inFlight: s.Gauge("glacis_requests_in_flight", "Requests that the proxy is serving.").WithLabelValues(),
	}
}

// observe counts one finished request.
func (m *Metrics) observe(x *exchange, action gateway.Action, res *result) {
	m.Observe(&metrics.Request{Endpoint: endpoint, Action: action, Verdict: &res.Verdict, Fault: res.fault, Fed: res.fed, Spent: res.stages,
		ID: x.id, Began: x.started, Parent: x.in.Header.Get("Traceparent")})
}

// limited counts a request beyond a rate limit.
func (m *Metrics) limited(limit string, refused bool) {
	m.rates.WithLabelValues(limit, strconv.FormatBool(refused)).Inc()
}

// What became of an answer that a protection objects to.
const (
	answerWithheld = "withheld"
	answerAltered  = "altered"
	answerReported = "reported"
)

// objected counts an answer that a protection objects to.
func (m *Metrics) objected(protection, outcome string) {
	m.objects.WithLabelValues(protection, outcome).Inc()
}

// answer counts a response.
func (m *Metrics) answer(status int) {
	classes := [...]string{"none", "1xx", "2xx", "3xx", "4xx", "5xx"}
	if class := status / 100; class < len(classes) {
		m.answers.WithLabelValues(classes[class]).Inc()
	}
}
