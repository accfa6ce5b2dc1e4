// Package inspector runs Glacis's sidecar inside the test binary, for the suites
// of gateways that ask it. Not for tests that kill a sidecar or look at its
// memory: they run `glacis sidecar` with package process. It may import
// conformance, core, gateway and sidecar.
package inspector

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// Options say how the sidecar is run.
type Options struct {
	// HTTP and GRPC are where it listens, in the sidecar's form.
	HTTP, GRPC []string
	// Token is what it wants to be told; "" for none.
	Token string
	// Settings are those of every wrapper.
	Settings gateway.Settings
	// Policy is the policy of a case; nil for none.
	Policy *conformance.Policy
	// Events gets the verdicts; nil for nobody.
	Events io.Writer
}

// Start runs a sidecar until the test ends and returns its addresses with the
// real ports, HTTP before gRPC.
func Start(t testing.TB, o Options) []string {
	t.Helper()
	var cfg core.Config
	if o.Policy != nil {
		cfg.Policy = o.Policy.Policy
	}
	engine, err := core.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	service, err := inspection.New(inspection.Config{Engine: engine, Settings: o.Settings, Events: o.Events, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	started := make(chan []string, 1)
	server, err := sidecar.New(sidecar.Config{Service: service, HTTP: o.HTTP, GRPC: o.GRPC, Token: o.Token, Log: log,
		DrainTimeout: time.Second, Started: func(addresses []string) { started <- addresses }})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		<-done // a gateway that keeps its connection makes this an error
		service.Close()
	})
	select {
	case addresses := <-started:
		return addresses
	case err := <-done:
		done <- err
		t.Fatalf("sidecar: %v", err)
	}
	return nil
}
