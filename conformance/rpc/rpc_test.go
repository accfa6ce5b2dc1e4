package rpc

import (
	"testing"

	"github.com/glacis-waf/glacis/conformance"
)

type eventLog = conformance.Events

// target is one gateway asking the sidecar in one way.
type target struct {
	name       string
	gateway    string
	deviations []conformance.Deviation
}

// Name implements conformance.Target.
func (x target) Name() string { return x.name }

// Start implements conformance.Target.
func (x target) Start(t testing.TB, backend string) conformance.Instance {
	events := conformance.NewEvents()
	return conformance.HTTP(startGateway(t, x.gateway, settings, events, backend), events)
}

// Deviations implements conformance.Target.
func (x target) Deviations() []conformance.Deviation { return x.deviations }

func TestExtAuthzGRPC(t *testing.T) {
	conformance.Run(t, target{name: "envoy/ext_authz", gateway: "envoy/ext_authz.yaml"})
}

func TestExtAuthzHTTP(t *testing.T) {
	conformance.Run(t, target{name: "envoy/ext_authz-http", gateway: "envoy/ext_authz_http.yaml"})
}

func TestExtProcBuffered(t *testing.T) {
	conformance.Run(t, target{name: "envoy/ext_proc-buffered", gateway: "envoy/ext_proc_buffered.yaml"})
}

func TestExtProcStreamed(t *testing.T) {
	conformance.Run(t, target{name: "envoy/ext_proc", gateway: "envoy/ext_proc.yaml"})
}

func TestForwardAuth(t *testing.T) {
	conformance.Run(t, target{name: "traefik/forwardauth", gateway: "traefik/forwardauth"})
}

func TestAuthRequest(t *testing.T) {
	conformance.Run(t, target{name: "nginx/auth_request", gateway: "nginx/auth_request"})
}
