package rpc

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/conformance"
	"github.com/glacis-waf/glacis/gateway"
)

// versions are the gateways' versions, of tools/fetch.pins.
const (
	envoyVersion   = "1.40.0"
	traefikVersion = "3.7.15"
)

// startEnvoy runs Envoy with a configuration of deploy/envoy-rpc.
func startEnvoy(t testing.TB, file, sidecar, sidecarPort, backend string) string {
	t.Helper()
	binary, port := fetch(t, "envoy", envoyVersion), freePort(t)
	config := configure(t, t.TempDir(), "envoy-rpc/"+file, map[string]string{"port_value: 10000": "port_value: " + port,
		"port_value: 8080": "port_value: " + portOf(backend), "port_value: " + sidecarPort: "port_value: " + portOf(sidecar)})
	start(t, "127.0.0.1:"+port, 0, binary, "-c", config, "--use-dynamic-base-id", "--concurrency", "1", "-l", "warning")
	return "127.0.0.1:" + port
}

func startTraefik(t testing.TB, web, backend string) string {
	t.Helper()
	binary, port := fetch(t, "traefik", traefikVersion), freePort(t)
	config := configure(t, t.TempDir(), "forward-auth/traefik.yaml", map[string]string{"127.0.0.1:9191": web, "127.0.0.1:8080": backend})
	start(t, "127.0.0.1:"+port, 404, binary, "--entryPoints.web.address=127.0.0.1:"+port, "--providers.file.filename="+config,
		"--global.checkNewVersion=false", "--global.sendAnonymousUsage=false", "--log.level=ERROR")
	return "127.0.0.1:" + port
}

func startNginx(t testing.TB, web, backend string) string {
	t.Helper()
	binary, port, dir := fetch(t, "nginx"), freePort(t), t.TempDir()
	config := configure(t, dir, "forward-auth/nginx.conf", map[string]string{"127.0.0.1:10000": "127.0.0.1:" + port,
		"127.0.0.1:9191": web, "127.0.0.1:8080": backend})
	start(t, "127.0.0.1:"+port, 0, binary, "-p", dir, "-c", config)
	return "127.0.0.1:" + port
}

// settings are those of the suite: prevent, and every request is reported.
var settings = gateway.Settings{Log: gateway.LogAll}

// startGateway starts a sidecar and before it the gateway of that name.
func startGateway(t testing.TB, name string, s gateway.Settings, p *conformance.Policy, events *eventLog, backend string) string {
	t.Helper()
	web, calls := startSidecar(t, s, p, events)
	kind, file, _ := strings.Cut(name, "/")
	switch kind {
	case "traefik":
		return startTraefik(t, web, backend)
	case "nginx":
		return startNginx(t, web, backend)
	}
	if file == "ext_authz_http.yaml" {
		return startEnvoy(t, file, web, "9191", backend)
	}
	return startEnvoy(t, file, calls, "9192", backend)
}
