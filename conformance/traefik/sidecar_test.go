package traefik

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance"
	"github.com/glacis-waf/glacis/conformance/internal/inspector"
	"github.com/glacis-waf/glacis/gateway"
)

const token = "a-token-of-the-tests"

// startSidecar serves at an address in the sidecar's form and returns the
// address with the real port.
func startSidecar(t testing.TB, address string, p *conformance.Policy) string {
	t.Helper()
	return inspector.Start(t, inspector.Options{HTTP: []string{address}, Token: token, Policy: p})[0]
}

// TestSidecar: the sidecar's verdict decides, over TCP and a unix socket,
// whatever the length of the body.
func TestSidecar(t *testing.T) {
	tcp := startSidecar(t, "127.0.0.1:0", nil)
	socket := filepath.Join(t.TempDir(), "s.sock")
	startSidecar(t, "unix:"+socket, nil)
	for _, version := range Versions {
		t.Run(version, func(t *testing.T) {
			i := start(t, version, routes(map[string]string{
				"tcp":  "{engine: sidecar, sidecar: 'http://" + tcp + "', sidecarToken: " + token + ", sidecarTimeout: 5s, log: all}",
				"unix": "{mode: sidecar, sidecar: 'unix://" + socket + "', sidecarToken: " + token + ", sidecarTimeout: 5s, log: all}",
				"auto": "{sidecar: 'unix://" + socket + "', sidecarToken: " + token + ", sidecarTimeout: 5s, log: all}",
			}), "tcp.test", echo)
			for _, name := range []string{"tcp", "unix", "auto"} {
				if res := i.get(t, name+".test", attack); res.StatusCode != http.StatusForbidden {
					t.Errorf("%s: an attack got %d", name, res.StatusCode)
				}
				for _, size := range []int{0, 1, 32<<10 - 1, 32 << 10, 32<<10 + 1, 1 << 20, 20 << 20} {
					i.body(t, http.DefaultClient, name+".test", name, size, false)
					i.body(t, http.DefaultClient, name+".test", name, size, true)
					i.body(t, h2c(), name+".test", name, size, true)
				}
				for _, before := range []int{0, 20 << 10, 100 << 10} {
					i.late(t, name+".test", before)
				}
			}
			if all := i.out.String(); strings.Contains(all, "fail_open") || strings.Contains(all, "traefik/embedded") {
				t.Errorf("the sidecar was not asked for every request:\n%s", all)
			}
		})
	}
}

// late sends an attack behind that many bytes of a body.
func (i *instance) late(t *testing.T, host string, before int) {
	t.Helper()
	text := string(noise(before)) + "\n' union select name,password from users where '1'='1"
	req, err := http.NewRequest(http.MethodPost, "http://"+i.Address+"/upload", plainReader{strings.NewReader(text)})
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	req.Header.Set("Content-Type", "text/plain")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		if before < 32<<10 {
			t.Errorf("%s, attack behind %d bytes: %v", host, before, err)
		}
		return
	}
	defer res.Body.Close()
	if before < 32<<10 && res.StatusCode != http.StatusForbidden || res.StatusCode < 400 {
		t.Errorf("%s, attack behind %d bytes: status %d", host, before, res.StatusCode)
	}
}

// TestSidecarTied: the embedded engine takes the sidecar's policy; options may be
// strings.
func TestSidecarTied(t *testing.T) {
	compiled, err := gateway.ParsePolicy(`{"apiVersion":"glacis/v1","name":"tied","defaults":{"mode":"detect"}}`, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	tcp := inspector.Start(t, inspector.Options{HTTP: []string{"127.0.0.1:0"}, Token: token, Policy: &conformance.Policy{Policy: compiled}})[0]
	for _, version := range Versions {
		t.Run(version, func(t *testing.T) {
			i := start(t, version, routes(map[string]string{"tied": "{engine: embedded, sidecar: 'http://" + tcp + "', sidecarToken: " + token +
				", sidecarTimeout: 5s, sidecarPolicy: 'true', sidecarSample: '1', log: all}"}), "tied.test", echo)
			for deadline := time.Now().Add(20 * time.Second); i.get(t, "tied.test", attack).StatusCode != 200; time.Sleep(100 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("the sidecar's policy does not hold")
				}
			}
			i.out.Await(t, `"glacis.policy":"tied@`)
			i.err.Await(t, "policy tied@")
		})
	}
}

// TestSidecarGone: what becomes of requests without a sidecar, and that it is
// asked again once it is back.
func TestSidecarGone(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s.sock")
	where := "sidecar: 'unix://" + socket + "', sidecarToken: " + token + ", sidecarTimeout: 2s, log: all}"
	i := start(t, Versions[0], routes(map[string]string{
		"open":   "{engine: sidecar, failMode: open, " + where,
		"closed": "{engine: sidecar, failMode: closed, " + where,
		"auto":   "{engine: auto, " + where,
	}), "open.test", echo)
	for round := 0; round < 5; round++ { // beyond the breaker's limit
		for host, want := range map[string][2]int{"open": {200, 200}, "closed": {503, 503}, "auto": {200, 403}} {
			honest, hostile := i.get(t, host+".test", "/?q=lamp"), i.get(t, host+".test", attack)
			if honest.StatusCode != want[0] || hostile.StatusCode != want[1] {
				t.Errorf("%s: %d and %d, want %v", host, honest.StatusCode, hostile.StatusCode, want)
			}
		}
	}
	i.out.Await(t, `"event.action":"fail_open"`)
	i.out.Await(t, `"event.action":"fail_closed"`)
	i.err.Await(t, "does not answer")
	startSidecar(t, "unix:"+socket, nil)
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		if i.get(t, "closed.test", "/?q=lamp").StatusCode == 200 && i.get(t, "closed.test", attack).StatusCode == 403 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the sidecar is back and is not asked")
		}
	}
	i.err.Await(t, "answers again")
}
