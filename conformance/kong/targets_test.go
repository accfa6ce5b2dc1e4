package kong

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance"
)

// config is the suite's: mode prevent, everything logged. The deadline is out
// of the way, because the machine of the tests may be slower than any;
// DEADLINE_MS sets another, such as the plugin's own 50.
var config = `{"mode":"prevent","log":"all","deadline_ms":` + cmp.Or(os.Getenv("DEADLINE_MS"), "30000") + `}`

func TestConformanceDriver(t *testing.T) { conformance.Run(t, driverTarget{}) }

func TestConformanceMini(t *testing.T) { conformance.Run(t, miniTarget{}) }

// driverTarget is the real plugin server with the driver as Kong.
type driverTarget struct{}

func (driverTarget) Name() string { return "kong/driver" }

func (driverTarget) Deviations() []conformance.Deviation {
	return []conformance.Deviation{
		{Cases: "streaming/sqli-trailer", Kind: conformance.Skipped, Reason: "Kong has no function for the trailers of requests, and its nginx drops them."},
		{Cases: "limits/header-200k", Kind: conformance.Skipped, Reason: "Kong tells of 1,000 header lines; a request with more has the fault \"headers\". Its nginx refuses this one."},
	}
}

func (driverTarget) Start(t testing.TB, _ string) conformance.Instance { return startDriver(t, config) }

// StartUnder implements conformance.Ruled: the policy is the setting policy.
func (driverTarget) StartUnder(t testing.TB, _ string, p *conformance.Policy) conformance.Instance {
	return startDriver(t, under(t, p))
}

// under is the suite's configuration with a policy in it, as YAML.
func under(t testing.TB, p *conformance.Policy) string {
	text, err := json.Marshal(string(p.YAML))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(config, "}") + `,"policy":` + string(text) + "}"
}

func startDriver(t testing.TB, config string) conformance.Instance {
	events := conformance.NewEvents()
	p := Launch(t, Build(t), events)
	client := &Client{Socket: p.Socket, Plugin: "glacis", Config: config}
	t.Cleanup(client.Close)
	return conformance.Direct(func(m *conformance.Message) (conformance.Event, error) {
		q := &Request{Method: m.Request.Method, URI: m.Request.URI, Body: m.Request.Body, Address: conformance.Peer, Service: "http"}
		for _, h := range m.Request.Headers {
			q.Headers = append(q.Headers, Header(h))
		}
		if m.HTTP2 {
			q.Version = 2
		}
		if len(q.Body) > 8<<10 {
			f, err := os.CreateTemp(t.TempDir(), "body")
			if err != nil {
				return conformance.Event{}, err
			}
			defer os.Remove(f.Name())
			_, err = f.Write(q.Body)
			if err := errors.Join(err, f.Close()); err != nil {
				return conformance.Event{}, err
			}
			q.BodyFile = f.Name()
		}
		o, err := client.Access(q)
		if err != nil {
			return conformance.Event{}, err
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		e, ok := events.Event(ctx, m.ID)
		if !ok {
			return e, errors.New("no event")
		}
		if o.Exit != e.Action.Refuses() {
			return e, fmt.Errorf("outcome %+v with event %+v", o, e)
		}
		return e, nil
	})
}

// miniTarget is the real plugin server behind nginx that does as Kong does.
type miniTarget struct{}

func (miniTarget) Name() string { return "kong/mini" }

func (miniTarget) Deviations() []conformance.Deviation {
	return []conformance.Deviation{
		{Cases: "traversal/target-encoded.target", Kind: conformance.Refused, Reason: "nginx refuses a path that leaves the root (400)."},
		{Cases: "traversal/target-mixed.target", Kind: conformance.Refused, Reason: "nginx refuses a path that leaves the root (400)."},
		{Cases: "streaming/trailers", Kind: conformance.Altered, Reason: "nginx drops the trailers of requests."},
		{Cases: "streaming/sqli-trailer", Kind: conformance.Skipped, Reason: "nginx drops the trailers of requests: neither the plugin nor the upstream gets them."},
		{Cases: "protocol/header-no-colon", Kind: conformance.Skipped, Reason: "This nginx takes a line without a colon for a header without a value and passes it on."},
	}
}

func (miniTarget) Start(t testing.TB, backend string) conformance.Instance {
	return startMini(t, backend, config)
}

// StartUnder implements conformance.Ruled.
func (miniTarget) StartUnder(t testing.TB, backend string, p *conformance.Policy) conformance.Instance {
	return startMini(t, backend, under(t, p))
}

func startMini(t testing.TB, backend, config string) conformance.Instance {
	events := conformance.NewEvents()
	p := Launch(t, Build(t), events)
	m := StartMiniKong(t, Setup{Socket: p.Socket, Name: "glacis", Config: config, Backend: backend})
	return twoPorts{conformance.HTTP(m.Address, events), conformance.HTTP(m.Address2, events)}
}

// twoPorts sends HTTP/2 to a port of its own: this nginx cannot take both
// versions at one without TLS.
type twoPorts struct {
	conformance.Instance
	two conformance.Instance
}

func (p twoPorts) Exchange(ctx context.Context, m *conformance.Message) (*conformance.Answer, error) {
	if m.HTTP2 {
		return p.two.Exchange(ctx, m)
	}
	return p.Instance.Exchange(ctx, m)
}

// TestConformanceReal runs against a Kong that is there already: KONG_PROXY is
// its proxy ("host:port"), KONG_EVENTS the file named by the plugin server's
// -events. Kong must route to the backend; see plugins/kong/README.md.
func TestConformanceReal(t *testing.T) {
	proxy, admin := os.Getenv("KONG_PROXY"), os.Getenv("KONG_ADMIN")
	if proxy == "" || admin == "" {
		t.Skip("set KONG_PROXY, KONG_ADMIN and KONG_EVENTS to run the suite against a real Kong, see plugins/kong/README.md")
	}
	conformance.Run(t, realTarget{proxy, admin, os.Getenv("KONG_EVENTS")})
}
