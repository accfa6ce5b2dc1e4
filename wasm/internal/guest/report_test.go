package guest

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	native "github.com/glacis-waf/glacis/agent"
)

// TestReport: a report is one that the sidecar takes, and tells why a model or a
// policy is not in force as long as it is not, and when one came.
func TestReport(t *testing.T) {
	vm, h := newFakeVM(t, `{"sidecar":"waf"}`)
	report := func() (r native.Report) {
		t.Helper()
		h.now += 20 * second
		vm.Tick(1)
		c := h.last(t, "/v1/agents")
		if err := json.Unmarshal([]byte(c.body), &r); err != nil {
			t.Fatalf("%v: %s", err, c.body)
		}
		if err := r.Check(); err != nil {
			t.Errorf("%v: %s", err, c.body)
		}
		h.reply(vm, c.id, "404", "")
		return r
	}
	first := report()
	if first.Mode != "prevent" || first.Updated.IsZero() || !first.Updated.Equal(first.Started) || first.ModelError != "" || first.PolicyError != "" {
		t.Errorf("%+v", first)
	}
	h.reply(vm, h.last(t, modelPath).id, "200", "no model")
	h.reply(vm, h.last(t, policyPath).id, "200", `{"apiVersion":"glacis/v1","`+strings.Repeat("\u00e9", 300)+`":1}`)
	r := report()
	if !strings.HasPrefix(r.ModelError, "bad model") || !strings.HasPrefix(r.PolicyError, "policy.é") || !r.Updated.Equal(first.Updated) || r.Policy != "" {
		t.Errorf("%+v", r)
	}
	came := time.Unix(0, int64(h.now)).UTC()
	h.reply(vm, h.last(t, modelPath).id, "404", "") // the sidecar has its built-in one, too
	h.reply(vm, h.last(t, policyPath).id, "200", `{"apiVersion":"glacis/v1","name":"next"}`)
	if r = report(); r.ModelError != "" || r.PolicyError != "" || !strings.HasPrefix(r.Policy, "next@") || !r.Updated.Equal(came) {
		t.Errorf("%+v, want updated %v", r, came)
	}
}
