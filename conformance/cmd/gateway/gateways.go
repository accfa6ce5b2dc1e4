package main

import (
	"io"

	"github.com/glacis-waf/glacis/conformance/envoy"
	"github.com/glacis-waf/glacis/conformance/internal/process"
	"github.com/glacis-waf/glacis/conformance/kong"
	"github.com/glacis-waf/glacis/conformance/traefik"
)

// gateways start what their names say and return its address.
var gateways = map[string]func(h *harness, upstream string, events io.Writer) string{
	"envoy": startEnvoy, "traefik": startTraefik, "kong": startKong,
}

func startEnvoy(h *harness, upstream string, events io.Writer) string {
	p := envoy.Start(h, envoy.Options{Version: "1.40.0", Upstream: upstream,
		Plugin: map[string]any{"mode": "prevent", "failMode": "closed", "log": "all", "holdHeaders": true}}, events)
	return p.Address
}

func startTraefik(h *harness, upstream string, events io.Writer) string {
	binary := process.Installed(h, "traefik", traefik.Versions[0])
	p, err := traefik.Start(h.Context(), traefik.Options{Binary: binary, Dir: h.TempDir(), Stdout: events, Stderr: io.Discard, Ready: "probe.test", Dynamic: `
http:
  routers: {all: {rule: "PathPrefix(` + "`/`" + `)", service: app, middlewares: [glacis]}}
  middlewares: {glacis: {plugin: {glacis: {engine: embedded, mode: prevent, failMode: closed, log: all}}}}
  services: {app: {loadBalancer: {servers: [{url: "http://` + upstream + `"}]}}}
`})
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(p.Stop)
	return p.Address
}

// startKong gives inspections more time than Kong's users would: what this
// shows should not depend on how busy the machine is.
func startKong(h *harness, upstream string, events io.Writer) string {
	server := kong.Launch(h, kong.Build(h), events)
	m := kong.StartMiniKong(h, kong.Setup{Socket: server.Socket, Name: "glacis", Backend: upstream,
		Config: `{"mode":"prevent","fail_mode":"closed","log":"all","deadline_ms":5000}`})
	return m.Address
}
