package conformance

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// proxyTarget is the program "glacis proxy", built from this tree.
type proxyTarget struct{}

func (proxyTarget) Name() string { return "glacis/proxy" }

func (proxyTarget) Deviations() []Deviation { return nil }

func (proxyTarget) Start(t testing.TB, backend string) Instance { return startProxy(t, backend) }

// StartUnder implements Ruled.
func (proxyTarget) StartUnder(t testing.TB, backend string, p *Policy) Instance {
	file := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(file, p.YAML, 0o600); err != nil {
		t.Fatal(err)
	}
	return startProxy(t, backend, "--policy", file)
}

func startProxy(t testing.TB, backend string, more ...string) Instance {
	events := NewEvents()
	return HTTP(process.Proxy(t, backend, events, more...), events)
}

func TestConformanceProxy(t *testing.T) { Run(t, proxyTarget{}) }
