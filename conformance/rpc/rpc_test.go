package rpc

import (
	"testing"

	"github.com/glacis-waf/glacis/conformance"
	"github.com/glacis-waf/glacis/core"
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
	conformance.Run(t, target{name: "envoy/ext_authz", gateway: "envoy/ext_authz.yaml", deviations: join(envoys, firstMiB)})
}

func TestExtAuthzHTTP(t *testing.T) {
	conformance.Run(t, target{name: "envoy/ext_authz-http", gateway: "envoy/ext_authz_http.yaml", deviations: join(envoys, firstMiB, folded)})
}

func TestExtProcBuffered(t *testing.T) {
	conformance.Run(t, target{name: "envoy/ext_proc-buffered", gateway: "envoy/ext_proc_buffered.yaml", deviations: join(envoys, oneMiB)})
}

func TestExtProcStreamed(t *testing.T) {
	conformance.Run(t, target{name: "envoy/ext_proc", gateway: "envoy/ext_proc.yaml", deviations: envoys})
}

func TestForwardAuth(t *testing.T) {
	conformance.Run(t, target{name: "traefik/forwardauth", gateway: "traefik/forwardauth", deviations: forwardAuth})
}

// bodiless is a target whose gateway shows the sidecar no bodies.
type bodiless struct{ target }

// View implements conformance.Viewer.
func (bodiless) View(r core.Request) core.Request {
	r.Body, r.Trailers = nil, nil
	return r
}

func TestAuthRequest(t *testing.T) {
	x := bodiless{target{name: "nginx/auth_request", gateway: "nginx/auth_request"}}
	x.deviations = join(authRequest, unseen(t, x.View))
	conformance.Run(t, x)
}
