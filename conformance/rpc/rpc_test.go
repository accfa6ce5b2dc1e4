package rpc

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
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
	return x.StartUnder(t, backend, nil)
}

// StartUnder implements conformance.Ruled: the sidecar has the policy.
func (x target) StartUnder(t testing.TB, backend string, p *conformance.Policy) conformance.Instance {
	events := conformance.NewEvents()
	return conformance.HTTP(startGateway(t, x.gateway, settings, p, events, backend), events)
}

// Deviations implements conformance.Target.
func (x target) Deviations() []conformance.Deviation { return x.deviations }

// byEnvoy is a target in which Envoy asks.
type byEnvoy struct{ target }

// View implements conformance.Viewer.
func (byEnvoy) View(r core.Request) core.Request { return conformance.SeenByEnvoy(r) }

// byTraefik is a target in which Traefik asks.
type byTraefik struct{ target }

var (
	escape = regexp.MustCompile("%[0-9a-fA-F]{2}")
	plain  = regexp.MustCompile("^[A-Za-z0-9._~-]$")
)

// View implements conformance.Viewer: Traefik tidies the target before it asks
// and forwards it so (entryPoints.NAME.http.sanitizePath, encodeQuerySemicolons).
func (byTraefik) View(r core.Request) core.Request {
	u, err := url.ParseRequestURI(r.URI)
	if err != nil || u.Path == "" {
		return r
	}
	if u.RawPath != "" {
		u.RawPath = escape.ReplaceAllStringFunc(u.RawPath, func(e string) string {
			if text, err := url.PathUnescape(e); err == nil && plain.MatchString(text) {
				return text
			}
			return strings.ToUpper(e)
		})
	}
	for _, h := range r.Headers {
		if strings.EqualFold(h.Name, "Accept-Encoding") && h.Value == "" {
			r.Headers = append(slices.Clip(r.Headers), core.Header{Name: h.Name, Value: "gzip"}) // net/http's own
		}
	}
	u.RawQuery = strings.ReplaceAll(u.RawQuery, ";", "&")
	r.URI = u.JoinPath().RequestURI()
	return r
}

func TestExtAuthzGRPC(t *testing.T) {
	conformance.Run(t, byEnvoy{target{name: "envoy/ext_authz", gateway: "envoy/ext_authz.yaml", deviations: join(envoys, firstMiB)}})
}

func TestExtAuthzHTTP(t *testing.T) {
	conformance.Run(t, byEnvoy{target{name: "envoy/ext_authz-http", gateway: "envoy/ext_authz_http.yaml", deviations: join(envoys, firstMiB, folded)}})
}

func TestExtProcBuffered(t *testing.T) {
	conformance.Run(t, byEnvoy{target{name: "envoy/ext_proc-buffered", gateway: "envoy/ext_proc_buffered.yaml", deviations: join(envoys, oneMiB)}})
}

func TestExtProcStreamed(t *testing.T) {
	conformance.Run(t, byEnvoy{target{name: "envoy/ext_proc", gateway: "envoy/ext_proc.yaml", deviations: envoys}})
}

func TestForwardAuth(t *testing.T) {
	conformance.Run(t, byTraefik{target{name: "traefik/forwardauth", gateway: "traefik/forwardauth", deviations: forwardAuth}})
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
