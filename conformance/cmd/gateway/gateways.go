package main

import (
	"encoding/json"
	"io"
	"time"

	"github.com/glacis-waf/glacis/conformance/envoy"
	"github.com/glacis-waf/glacis/conformance/internal/process"
	"github.com/glacis-waf/glacis/conformance/kong"
	"github.com/glacis-waf/glacis/conformance/traefik"
	"github.com/glacis-waf/glacis/policy"
)

// ties are what a gateway is tied to.
type ties struct {
	// Upstream and Sidecar are addresses, host:port; Sidecar is "" for none.
	Upstream, Sidecar string
	// Policy is a file or folder of policies, "" for none.
	Policy string
}

// gateways start what their names say and return its address.
var gateways = map[string]func(h *harness, to ties, events io.Writer) string{
	"envoy": startEnvoy, "traefik": startTraefik, "kong": startKong,
}

// startEnvoy hands the policy over as it is now: Envoy's plugin takes it from
// Envoy's configuration.
func startEnvoy(h *harness, to ties, events io.Writer) string {
	plugin := map[string]any{"mode": "prevent", "failMode": "closed", "log": "all", "holdHeaders": true}
	if to.Sidecar != "" {
		plugin["sidecar"] = "sidecar"
	}
	if to.Policy != "" {
		l, err := policy.Load(to.Policy, time.Now())
		if err != nil {
			h.Fatal(err)
		}
		plugin["policy"] = l.Document
	}
	p := envoy.Start(h, envoy.Options{Version: "1.40.0", Upstream: to.Upstream, Sidecar: to.Sidecar, Plugin: plugin, Change: behindProxy}, events)
	return p.Address
}

// behindProxy has Envoy take the last address of X-Forwarded-For for the
// client's: the demo speaks for many.
func behindProxy(config map[string]any) {
	manager := envoy.Manager(config)
	manager["use_remote_address"], manager["xff_num_trusted_hops"] = true, 1
}

// startTraefik has the plugin ask the sidecar, if there is one: embedded, it
// takes no part in learning.
func startTraefik(h *harness, to ties, events io.Writer) string {
	engine := "engine: embedded"
	if to.Sidecar != "" {
		engine = "engine: sidecar, sidecarTimeout: 5s, sidecar: 'http://" + to.Sidecar + "'"
	}
	binary := process.Installed(h, "traefik", traefik.Versions[0])
	p, err := traefik.Start(h.Context(), traefik.Options{Binary: binary, Dir: h.TempDir(), Stdout: events, Stderr: io.Discard, Ready: "probe.test",
		EntryPoint: `, forwardedHeaders: {trustedIPs: ["127.0.0.0/8"]}`, Dynamic: `
http:
  routers: {all: {rule: "PathPrefix(` + "`/`" + `)", service: app, middlewares: [glacis]}}
  middlewares: {glacis: {plugin: {glacis: {` + engine + `, mode: prevent, failMode: closed, log: all}}}}
  services: {app: {loadBalancer: {servers: [{url: "http://` + to.Upstream + `"}]}}}
`})
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(p.Stop)
	return p.Address
}

// startKong gives inspections more time than Kong's users would: what this
// shows should not depend on how busy the machine is.
func startKong(h *harness, to ties, events io.Writer) string {
	var flags []string
	if to.Sidecar != "" {
		flags = []string{"-sidecar", to.Sidecar}
	}
	config, err := json.Marshal(map[string]any{"mode": "prevent", "fail_mode": "closed", "log": "all", "deadline_ms": 5000, "policy_file": to.Policy})
	if err != nil {
		h.Fatal(err)
	}
	server := kong.Launch(h, kong.Build(h), events, flags...)
	m := kong.StartMiniKong(h, kong.Setup{Socket: server.Socket, Name: "glacis", Backend: to.Upstream, Config: string(config)})
	return m.Address
}
