package nginx

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/glacis-waf/glacis/conformance"
	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// front is nginx before glacis proxy.
type front struct{}

func (front) Name() string { return "nginx/before-proxy" }

func (front) Deviations() []conformance.Deviation { return append(own, dropped...) }

func (front) Start(t testing.TB, backend string) conformance.Instance {
	events := conformance.NewEvents()
	return conformance.HTTP(startFront(t, backend, events), events)
}

// startFront starts both and returns nginx's address.
func startFront(t testing.TB, backend string, events *conformance.Events, args ...string) string {
	t.Helper()
	proxy, address := process.Proxy(t, backend, events, args...), process.Address(t)
	startNginx(t, "nginx.conf", address, map[string]string{"0.0.0.0:10000": address, "127.0.0.1:8081": proxy})
	return address
}

// behind is nginx behind glacis proxy.
type behind struct{}

func (behind) Name() string { return "nginx/behind-proxy" }

func (behind) Deviations() []conformance.Deviation { return dropped }

func (behind) Start(t testing.TB, backend string) conformance.Instance {
	events := conformance.NewEvents()
	address := process.Address(t)
	startNginx(t, "application.conf", address, map[string]string{"127.0.0.1:8082": address, "127.0.0.1:8080": backend})
	return conformance.HTTP(process.Proxy(t, address, events), events)
}

// own is what nginx does with a request before Glacis sees it.
var own = []conformance.Deviation{
	{Cases: "*/http2-*", Kind: conformance.Skipped, Reason: "Debian's nginx 1.22 speaks no HTTP/2 without TLS beside HTTP/1.1."},
	{Cases: "traversal/target-encoded.target", Kind: conformance.Refused, Reason: aboveRoot},
	{Cases: "traversal/target-mixed.target", Kind: conformance.Refused, Reason: aboveRoot},
	{Cases: "streaming/sqli-trailer", Kind: conformance.Skipped, Reason: "nginx drops trailers of requests: neither Glacis nor the application gets them."},
	{Cases: "protocol/connection-header", Kind: conformance.Altered, Reason: "nginx's Connection header is its own, and it keeps the headers that the client's names."},
	{Cases: "protocol/header-no-colon", Kind: conformance.Skipped, Reason: "With ignore_invalid_headers off, which keeps odd headers from hiding, nginx hands on a line without colon as an empty header."},
}

const aboveRoot = "nginx refuses a target that leads above the root (400)."

// dropped is what nginx drops wherever it stands.
var dropped = []conformance.Deviation{
	{Cases: "streaming/trailers", Kind: conformance.Altered, Reason: "nginx drops trailers of requests."},
}

func TestConformanceNginxFront(t *testing.T) { conformance.Run(t, front{}) }

func TestConformanceNginxBehind(t *testing.T) { conformance.Run(t, behind{}) }

// With the policy of deploy/nginx, events name the client that nginx names, and
// the application hears of it too.
func TestClientAddress(t *testing.T) {
	said := make(chan string, 1)
	application := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { said <- r.Header.Get("X-Real-Ip") }))
	defer application.Close()
	events := conformance.NewEvents()
	address := startFront(t, application.Listener.Addr().String(), events, "--policy", root+"/deploy/nginx/policy.yaml")
	req, err := http.NewRequest(http.MethodGet, "http://"+address+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	// To nginx and to Glacis this host is a trusted proxy, so its word counts.
	req.Header.Set("X-Forwarded-For", "203.0.113.9")
	req.Header.Set("X-Real-Ip", "203.0.113.10")
	req.Header.Set("X-Request-Id", "client-address-1")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if got := <-said; got != "127.0.0.1" {
		t.Errorf("the application hears of %s: a client must not choose X-Real-Ip", got)
	}
	e, ok := conformance.HTTP(address, events).Event(t.Context(), "client-address-1")
	if !ok || e.Source != "203.0.113.9" || e.Policy == "" {
		t.Errorf("event %+v", e)
	}
}
