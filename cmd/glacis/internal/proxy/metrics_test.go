package proxy

import (
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"
)

func TestMetricsCount(t *testing.T) {
	r := newRig(t, echo, nil)
	r.do("POST", "/", "fine")
	r.do("POST", "/", "EVIL")
	r.do("GET", "/", "", "Via", r.proxy.via)
	want := `# HELP glacis_requests_total Requests by the way they came in and what was done with them.
# TYPE glacis_requests_total counter
glacis_requests_total{action="block",endpoint="proxy"} 1
glacis_requests_total{action="detect",endpoint="proxy"} 0
glacis_requests_total{action="fail_closed",endpoint="proxy"} 0
glacis_requests_total{action="fail_open",endpoint="proxy"} 0
glacis_requests_total{action="pass",endpoint="proxy"} 1
glacis_requests_total{action="reject",endpoint="proxy"} 1
# HELP glacis_verdicts_total Requests with a finding, a violation or a fault, by asset, family and confidence of the strongest finding, and what was done.
# TYPE glacis_verdicts_total counter
glacis_verdicts_total{action="block",asset="",confidence="critical",family="sqli"} 1
# HELP glacis_request_body_bytes_total Body bytes shown to the engine.
# TYPE glacis_request_body_bytes_total counter
glacis_request_body_bytes_total 8
# HELP glacis_requests_in_flight Requests that the proxy is serving.
# TYPE glacis_requests_in_flight gauge
glacis_requests_in_flight 0
# HELP glacis_responses_total Responses of the proxy by the class of their status; none for a client that left before.
# TYPE glacis_responses_total counter
glacis_responses_total{class="2xx"} 1
glacis_responses_total{class="4xx"} 1
glacis_responses_total{class="5xx"} 1
`
	names := []string{"glacis_requests_total", "glacis_verdicts_total", "glacis_request_body_bytes_total", "glacis_requests_in_flight", "glacis_responses_total"}
	var err error
	eventually(t, "counted", func() bool {
		err = testutil.GatherAndCompare(r.metrics.Registry, strings.NewReader(want), names...)
		return err == nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestMetricNames(t *testing.T) {
	problems, err := testutil.GatherAndLint(NewMetrics("m").Registry)
	if err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
}
