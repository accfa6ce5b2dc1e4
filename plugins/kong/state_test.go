package kong

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/agent"
	driver "github.com/glacis-waf/glacis/conformance/kong"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
	"github.com/glacis-waf/glacis/sidecar/api"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// TestStateReachesSidecar: what operators see of the process among the sidecar's
// agents follows what happens to its plugins, policy and model.
func TestStateReachesSidecar(t *testing.T) {
	service, err := inspection.New(inspection.Config{Engine: engineOf(t, limited)})
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	_, _, url := learningSidecar(t, api.Policy(service, nil))
	signer, file := deliverytest.NewSigner(t), filepath.Join(t.TempDir(), "model.tgz")
	deliverytest.Replace(t, file, deliverytest.Blind(t, "7.6.0")) // not signed
	r := newRig(t, withPolicy(t, map[string]any{"policy_file": fromSidecar}), Options{Models: Models{Place: file, Trust: signer.Trust(t)},
		Sidecar: agent.Config{Sidecar: url, Heartbeat: 20 * time.Millisecond, Log: quiet()}})
	sees := func(what string, ok func(a agent.Report) bool) agent.Report {
		t.Helper()
		var a agent.Report
		for range 1000 {
			if a = reported(t, url); ok(a) {
				return a
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatalf("%s: never seen: %+v", what, a)
		return a
	}
	if a := sees("start", func(a agent.Report) bool { return !a.Updated.IsZero() && a.ModelError != "" }); a.Mode != "" || a.Policy != "" {
		t.Errorf("without a plugin: %+v", a)
	}
	begin(r)
	a := sees("a policy that cannot be enforced", func(a agent.Report) bool { return strings.Contains(a.PolicyError, "needs a database of countries") })
	if a.Mode != "prevent" || a.Policy != "" || !strings.Contains(a.ModelError, "not signed") {
		t.Errorf("%+v", a)
	}
	start := a.Updated
	time.Sleep(time.Until(start.Add(1100 * time.Millisecond))) // times are in seconds
	service.SetEngine(engineOf(t, `{"apiVersion":"glacis/v1","name":"next","defaults":{"mode":"detect"}}`))
	a = sees("the next policy", func(a agent.Report) bool { return strings.HasPrefix(a.Policy, "next@") })
	if a.PolicyError != "" || !a.Updated.After(start) {
		t.Errorf("%+v", a)
	}
	other := &driver.Client{Socket: r.socket, Plugin: "glacis", Config: patient(withPolicy(t, map[string]any{"mode": "detect", "policy": sitePolicy}))}
	defer other.Close()
	if _, err := other.Access(get("/", "state-other")); err != nil {
		t.Fatal(err)
	}
	a = sees("two plugins", func(a agent.Report) bool { return a.Mode == "detect; prevent" })
	if !strings.HasPrefix(a.Policy, "next@") || !strings.Contains(a.Policy, "; site@") {
		t.Errorf("%+v", a)
	}
}

// reported is what the sidecar has of its only agent.
func reported(t *testing.T, url string) (a agent.Report) {
	t.Helper()
	res, err := http.Get(url + "/v1/agents")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var list struct{ Agents []agent.Report }
	if err := json.NewDecoder(res.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	if len(list.Agents) == 1 {
		a = list.Agents[0]
	}
	return a
}

// TestStateOfPolicyErrors: what is wrong with a policy from the start is told, and
// a state is never longer than a sidecar takes.
func TestStateOfPolicyErrors(t *testing.T) {
	for want, config := range map[string]map[string]any{
		"policy:3:3: defaults.mod: unknown key": {"policy": "apiVersion: glacis/v1\ndefaults:\n  mod: detect\n"},
		"policy_file: read policy: ":            {"policy_file": "/nowhere/" + strings.Repeat("deep/", 60) + "policy.yaml"},
		"policy_file: there is no sidecar":      {"policy_file": fromSidecar},
		"policy_file: contradicts policy":       {"policy_file": "/nowhere/policy.yaml", "policy": sitePolicy},
	} {
		r := newRig(t, withPolicy(t, config), Options{})
		r.access(get("/", "state-error"))
		if s := r.server.state(); !strings.HasPrefix(s.PolicyError, want) || len(s.PolicyError) > maxStated || s.Mode != "prevent" || s.Updated.IsZero() {
			t.Errorf("%s: %+v", want, s)
		}
	}
}
