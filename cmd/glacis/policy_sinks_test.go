package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPolicySinks has a policy name the sinks of a proxy and of a sidecar, take
// them back, and name one that cannot be opened.
func TestPolicySinks(t *testing.T) {
	dir := t.TempDir()
	policy, file := filepath.Join(dir, "policy.yaml"), filepath.Join(dir, "events.jsonl")
	upstream := httptest.NewServer(http.NotFoundHandler())
	defer upstream.Close()
	h, sink := newHook(t)
	const head = "apiVersion: glacis/v1\nname: shop\n"
	put(t, policy, head+"logging: {sinks: ['file:"+file+"']}\n")
	addresses, _ := startSidecar(t, "--event-sink", sink, "--policy", policy)
	said := startProxy(t, "--event-sink", sink, "--policy", policy, "--upstream", upstream.URL)
	attack := func() {
		visit(t, "http://"+said["listen"]+sqliTarget)
		visit(t, "http://"+addresses[0]+"/v1/authz/envoy"+sqliTarget)
	}
	attack()
	lines := func() int {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(text), "\n")
	}
	for lines() < 2 {
		waitABit()
	}
	if n := h.count("glacis/proxy block") + h.count("envoy/ext_authz-http block"); n != 0 {
		t.Errorf("%d events went to the sink of the flags", n)
	}
	put(t, policy, head)
	for _, where := range []string{"http://" + said["metrics"] + "/-/status", "http://" + addresses[0] + "/v1/status"} {
		for !strings.Contains(visit(t, where), `"name":"webhook"`) {
			waitABit()
		}
	}
	attack()
	h.await(t, "glacis/proxy block")
	h.await(t, "envoy/ext_authz-http block")
	put(t, policy, head+"logging: {sinks: ['smoke:']}\n")
	for _, where := range []string{"http://" + said["metrics"] + "/-/status", "http://" + addresses[0] + "/v1/status"} {
		for !strings.Contains(visit(t, where), `logging.sinks: event sink: \"smoke\" is none of`) {
			waitABit()
		}
	}
	if n := lines(); n != 2 {
		t.Errorf("%d lines in the file", n)
	}
	refused(t, "logging.sinks", "sidecar", "--http", "127.0.0.1:0", "--policy", policy)
}
