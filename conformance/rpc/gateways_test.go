package rpc

import (
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/conformance"
	"github.com/glacis-waf/glacis/conformance/internal/inspector"
	"github.com/glacis-waf/glacis/conformance/internal/process"
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
	binary, address := process.Installed(t, "envoy", envoyVersion), process.Address(t)
	config := process.Example(t, t.TempDir(), "envoy-rpc/"+file, map[string]string{"port_value: 10000": "port_value: " + process.Port(t, address),
		"port_value: 8080": "port_value: " + process.Port(t, backend), "port_value: " + sidecarPort: "port_value: " + process.Port(t, sidecar)})
	start(t, address, 0, binary, "-c", config, "--use-dynamic-base-id", "--concurrency", "1", "-l", "warning")
	return address
}

func startTraefik(t testing.TB, web, backend string) string {
	t.Helper()
	binary, address := process.Installed(t, "traefik", traefikVersion), process.Address(t)
	config := process.Example(t, t.TempDir(), "forward-auth/traefik.yaml", map[string]string{"127.0.0.1:9191": web, "127.0.0.1:8080": backend})
	start(t, address, http.StatusNotFound, binary, "--entryPoints.web.address="+address, "--providers.file.filename="+config,
		"--global.checkNewVersion=false", "--global.sendAnonymousUsage=false", "--log.level=ERROR")
	return address
}

func startNginx(t testing.TB, web, backend string) string {
	t.Helper()
	binary, address, dir := process.Installed(t, "nginx"), process.Address(t), t.TempDir()
	config := process.Example(t, dir, "forward-auth/nginx.conf", map[string]string{"127.0.0.1:10000": address,
		"127.0.0.1:9191": web, "127.0.0.1:8080": backend})
	start(t, address, 0, binary, "-p", dir, "-c", config)
	return address
}

// start runs a gateway until the test ends, once it answers at address with
// anything but notYet.
func start(t testing.TB, address string, notYet int, binary string, args ...string) {
	t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Dir = t.TempDir()
	process.Run(t, cmd, process.Answers(address, notYet))
}

// settings are those of the suite: prevent, and every request is reported.
var settings = gateway.Settings{Log: gateway.LogAll}

// startGateway starts a sidecar and before it the gateway of that name.
func startGateway(t testing.TB, name string, s gateway.Settings, p *conformance.Policy, events *eventLog, backend string) string {
	t.Helper()
	addresses := inspector.Start(t, inspector.Options{HTTP: []string{"127.0.0.1:0"}, GRPC: []string{"127.0.0.1:0"}, Settings: s, Policy: p, Events: events})
	web, calls := addresses[0], addresses[1]
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
