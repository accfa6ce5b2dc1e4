package proxy

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/glacis-waf/glacis/gateway"
)

func TestPanicsInInspection(t *testing.T) {
	for policy, want := range map[FailPolicy]int{FailOpen: 200, FailClosed: 503} {
		r := newRig(t, echo, func(c *Config) { c.Fail = policy })
		r.wantStatus(want, "GET", "/?PANIC", "")
		r.wantStatus(want, "POST", "/", "PANIC")
		r.wantStatus(want, "POST", "/", strings.Repeat("p", 3*blockBytes)+"PANIC")
		r.wantStatus(403, "GET", "/EVIL", "") // the next request is inspected again
		action := map[FailPolicy]gateway.Action{FailOpen: gateway.ActionFailOpen, FailClosed: gateway.ActionFailClosed}[policy]
		eventually(t, "counted", func() bool {
			return testutil.ToFloat64(r.metrics.failures.WithLabelValues(causePanic)) >= 3 &&
				testutil.ToFloat64(r.metrics.requests.WithLabelValues(string(action))) >= 3
		})
		if !strings.Contains(r.logged.String(), "the inspector fell over") {
			t.Error("the panic is not logged")
		}
	}
}

func TestInspectionTimeout(t *testing.T) {
	for policy, want := range map[FailPolicy]int{FailOpen: 200, FailClosed: 503} {
		r := newRig(t, echo, func(c *Config) { c.Fail, c.InspectTimeout = policy, 20*time.Millisecond })
		r.wantStatus(want, "POST", "/", "SLOW")
		eventually(t, "counted", func() bool {
			return testutil.ToFloat64(r.metrics.failures.WithLabelValues(causeTimeout)) == 1
		})
		if rec := r.records()[0]; rec["failure"] != causeTimeout {
			t.Errorf("%v", rec)
		}
	}
}

func TestTransactionsAreReturnedOnce(t *testing.T) {
	r := newRig(t, echo, nil)
	for range 10 {
		r.do("POST", "/", "fine")
		r.do("POST", "/", "EVIL")
	}
	eventually(t, "all are closed", func() bool {
		r.words.mu.Lock()
		defer r.words.mu.Unlock()
		return r.words.closed == 20
	})
}
