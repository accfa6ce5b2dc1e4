package proxy

import (
	"strings"
	"testing"
	"time"
)

func TestPanicsInInspection(t *testing.T) {
	for policy, want := range map[FailPolicy]int{FailOpen: 200, FailClosed: 503} {
		r := newRig(t, echo, func(c *Config) { c.Fail = policy })
		r.wantStatus(want, "GET", "/?PANIC", "")
		r.wantStatus(want, "POST", "/", "PANIC")
		r.wantStatus(want, "POST", "/", strings.Repeat("p", 3*blockBytes)+"PANIC")
		r.wantStatus(403, "GET", "/EVIL", "") // the next request is inspected again
		eventually(t, "counted", func() bool {
			n := r.metrics.Counts()
			return n.Failures == 3 && map[FailPolicy]uint64{FailOpen: n.FailOpen, FailClosed: n.FailClosed}[policy] == 3
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
			return len(r.records()) == 1 && r.metrics.Counts().Failures == 1
		})
		if rec := r.records()[0]; rec["glacis.fault"] != faultTimeout {
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
