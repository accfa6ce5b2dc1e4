package traefik

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// instance is a Traefik with its output.
type instance struct {
	*Traefik
	out, err *process.Log
}

// start starts a version with routes by Host to the upstream. dynamic has UPSTREAM
// where the upstream's URL belongs; its first router must be for ready.
func start(t *testing.T, version, dynamic, ready string, upstream http.Handler) *instance {
	t.Helper()
	binary := process.Installed(t, "traefik", version)
	backend := httptest.NewUnstartedServer(upstream)
	backend.Config.Protocols = new(http.Protocols)
	backend.Config.Protocols.SetHTTP1(true)
	backend.Config.Protocols.SetUnencryptedHTTP2(true)
	backend.Start()
	t.Cleanup(backend.Close)
	return startAt(t, binary, strings.ReplaceAll(dynamic, "UPSTREAM", backend.URL), ready)
}

func startAt(t *testing.T, binary, dynamic, ready string) *instance {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	i := &instance{out: new(process.Log), err: new(process.Log)}
	p, err := Start(ctx, Options{Binary: binary, Dir: t.TempDir(), Dynamic: dynamic, Ready: ready, Stdout: i.out, Stderr: i.err})
	if err != nil {
		t.Fatalf("%v\n%s", err, i.err.String())
	}
	i.Traefik = p
	t.Cleanup(func() {
		p.Stop()
		if t.Failed() {
			t.Logf("traefik's log:\n%s\nstdout:\n%s\nstderr:\n%s", p.Log(), i.out.String(), i.err.String())
		}
	})
	return i
}

// routes makes a dynamic configuration with one router, NAME.test, for each
// middleware, given as the YAML of its options.
func routes(middlewares map[string]string) string {
	var b strings.Builder
	b.WriteString("http:\n  routers:\n")
	for name, options := range middlewares {
		use := ", middlewares: [" + name + "]"
		if options == "" {
			use = ""
		}
		b.WriteString("    " + name + ": {rule: \"Host(`" + name + ".test`)\", service: shop" + use + "}\n")
	}
	b.WriteString("  middlewares:\n")
	for name, options := range middlewares {
		if options != "" {
			b.WriteString("    " + name + ": {plugin: {glacis: " + options + "}}\n")
		}
	}
	b.WriteString("  services: {shop: {loadBalancer: {servers: [{url: UPSTREAM}]}}}\n")
	return b.String()
}
