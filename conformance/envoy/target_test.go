package envoy

import (
	"encoding/json"
	"testing"

	"github.com/glacis-waf/glacis/conformance"
	"github.com/glacis-waf/glacis/core"
)

// target is the plugin in a real Envoy.
type target struct {
	version string
	// continues says that request headers go on at once, as in Istio and Envoy
	// Gateway, which cannot hold them.
	continues bool
}

func (e target) Name() string {
	if e.continues {
		return "envoy/wasm " + e.version + " continue"
	}
	return "envoy/wasm " + e.version
}

func (e target) Start(t testing.TB, backend string) conformance.Instance {
	return e.start(t, backend, map[string]any{"mode": "prevent", "log": "all", "holdHeaders": !e.continues})
}

// StartUnder implements conformance.Ruled: the policy is in the plugin's
// configuration.
func (e target) StartUnder(t testing.TB, backend string, p *conformance.Policy) conformance.Instance {
	return e.start(t, backend, map[string]any{"mode": "prevent", "log": "all", "holdHeaders": !e.continues, "policy": json.RawMessage(p.JSON)})
}

func (e target) start(t testing.TB, backend string, plugin map[string]any) conformance.Instance {
	events := conformance.NewEvents()
	p := Start(t, Options{Version: e.version, Upstream: backend, Plugin: plugin, ContinueAtHeaders: e.continues}, events)
	return conformance.HTTP(p.Address, events)
}

// View implements conformance.Viewer.
func (target) View(r core.Request) core.Request { return conformance.SeenByEnvoy(r) }

func (e target) Deviations() []conformance.Deviation {
	return []conformance.Deviation{
		{Cases: "protocol/connection-header", Kind: conformance.Altered,
			Reason: "Envoy removes Connection and the headers that it names before any filter sees the request."},
		{Cases: "protocol/two-hosts", Kind: conformance.Altered,
			Reason: "Envoy joins two Host lines with a comma; the plugin judges what the upstream gets."},
		{Cases: "policy/address-header", Kind: conformance.Altered,
			Reason: "Envoy appends the client to X-Forwarded-For behind a comma without a blank; the plugin judges what the upstream gets."},
		{Cases: "failure/chunk-no-crlf", Kind: conformance.Skipped,
			Reason: "Envoy's parser takes a chunk longer than its size and hands on a well-formed request, which is inspected."},
	}
}

func TestConformanceEnvoy1400(t *testing.T) {
	t.Parallel()
	conformance.Run(t, target{version: "1.40.0"})
}

func TestConformanceEnvoy1364(t *testing.T) {
	t.Parallel()
	conformance.Run(t, target{version: "1.36.4"})
}

func TestConformanceEnvoyContinue(t *testing.T) {
	t.Parallel()
	conformance.Run(t, target{version: "1.40.0", continues: true})
}
