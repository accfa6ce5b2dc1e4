package traefik

import (
	"context"
	"io"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance"
	"github.com/glacis-waf/glacis/conformance/internal/process"
	"github.com/glacis-waf/glacis/core"
)

// target is the plugin in real Traefik.
type target struct {
	name    string
	version string
	engine  string
}

// Name implements conformance.Target.
func (g target) Name() string { return g.name }

// Deviations implements conformance.Target.
func (g target) Deviations() []conformance.Deviation {
	switch g.engine {
	case "embedded":
		return append(slices.Clone(deviations), slow...)
	case "wasm":
		return held
	}
	return append(slices.Clone(deviations), conformance.Deviation{Cases: "limits/sqli-near-limit", Kind: conformance.Refused, Reason: late})
}

// Sample implements conformance.Slow.
func (g target) Sample() int {
	if g.engine == "embedded" {
		return 500
	}
	return 5000
}

// View implements conformance.Viewer: Traefik tidies the path before it asks
// the plugin (entryPoints.NAME.http.sanitizePath, default true) and forwards it
// tidied. Since 3.4 it also undoes escapes that are not needed; before, it turned
// semicolons between parameters into ampersands; a WebAssembly guest sees these
// in any version. To an upgrade to WebSocket it
// adds a line that no other request gets, and that scores more than none.
func (g target) View(r core.Request) core.Request {
	for _, h := range r.Headers {
		if strings.EqualFold(h.Name, "Upgrade") && strings.EqualFold(h.Value, "websocket") {
			r.Headers = append(slices.Clip(r.Headers), core.Header{Name: "X-Forwarded-Proto", Value: "ws"})
			break
		}
	}
	u, err := url.ParseRequestURI(r.URI)
	if err != nil || u.Path == "" {
		return r
	}
	if g.version == Versions[1] || g.engine == "wasm" {
		u.RawQuery = strings.ReplaceAll(u.RawQuery, ";", "&")
	}
	if g.version != Versions[1] && u.RawPath != "" {
		u.RawPath = unreserved.ReplaceAllStringFunc(u.RawPath, tidy)
	}
	r.URI = u.JoinPath().RequestURI()
	return r
}

// HandedOn implements conformance.Rewriter: on the way out Traefik turns
// semicolons between parameters into ampersands, and Go's client adds gzip to an
// Accept-Encoding that is empty.
func (target) HandedOn(r core.Request) core.Request {
	path, query, found := strings.Cut(r.URI, "?")
	if found {
		r.URI = path + "?" + strings.ReplaceAll(query, ";", "&")
	}
	for _, h := range r.Headers {
		if strings.EqualFold(h.Name, "Accept-Encoding") && strings.TrimSpace(h.Value) == "" {
			r.Headers = append(slices.Clip(r.Headers), core.Header{Name: h.Name, Value: "gzip"})
			break
		}
	}
	return r
}

var unreserved = regexp.MustCompile("%[0-9a-fA-F]{2}")

// tidy undoes the escape of an unreserved byte (RFC 3986, section 6.2.2) and
// writes any other in capitals.
func tidy(escape string) string {
	text, _ := url.PathUnescape(escape)
	if strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~") == "" {
		return text
	}
	return strings.ToUpper(escape)
}

// Start implements conformance.Target.
func (g target) Start(t testing.TB, backend string) conformance.Instance {
	return g.start(t, backend, nil)
}

// StartUnder implements conformance.Ruled: the embedded engine gets the policy
// inline in the dynamic configuration.
func (g target) StartUnder(t testing.TB, backend string, p *conformance.Policy) conformance.Instance {
	return g.start(t, backend, p)
}

func (g target) start(t testing.TB, backend string, under *conformance.Policy) conformance.Instance {
	binary := process.Installed(t, "traefik", g.version)
	options := "{engine: embedded, maxBodyBytes: 8388608, log: all}"
	if under != nil {
		options = "{engine: embedded, maxBodyBytes: 8388608, log: all, policy: " + string(under.JSON) + "}"
	}
	if g.engine == "sidecar" {
		socket := filepath.Join(t.TempDir(), "s.sock")
		startSidecar(t, "unix:"+socket, under)
		options = "{engine: sidecar, sidecar: 'unix://" + socket + "', sidecarToken: " + token + ", sidecarTimeout: 10s, failMode: closed, log: all}"
	}
	guest := ""
	if g.engine == "wasm" {
		file, err := Guest()
		if err != nil {
			t.Fatal(err)
		}
		guest = file
		options = strings.Replace(options, "engine: embedded, ", "", 1)
	}
	events := conformance.NewEvents()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	p, err := Start(ctx, Options{Binary: binary, Dir: t.TempDir(), Stdout: events, Stderr: io.Discard, Ready: "probe.test", Guest: guest, Dynamic: `
http:
  routers: {all: {rule: "PathPrefix(` + "`/`" + `)", service: shop, middlewares: [waf]}}
  middlewares: {waf: {plugin: {glacis: ` + options + `}}}
  services: {shop: {loadBalancer: {servers: [{url: "http://` + backend + `"}]}}}
`})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Stop()
		if t.Failed() {
			t.Log(p.Log())
		}
	})
	return conformance.HTTP(p.Address, events)
}

func TestConformanceEmbedded(t *testing.T) {
	conformance.Run(t, target{name: "traefik/embedded", version: Versions[0], engine: "embedded"})
}

func TestConformanceSidecar(t *testing.T) {
	conformance.Run(t, target{name: "traefik/sidecar", version: Versions[0], engine: "sidecar"})
}

func TestConformanceOlder(t *testing.T) {
	conformance.Run(t, target{name: "traefik/embedded " + Versions[1], version: Versions[1], engine: "embedded"})
}

func TestConformanceWasm(t *testing.T) {
	conformance.Run(t, target{name: "traefik/wasm", version: Versions[0], engine: "wasm"})
}

func TestConformanceWasmOlder(t *testing.T) {
	conformance.Run(t, target{name: "traefik/wasm " + Versions[1], version: Versions[1], engine: "wasm"})
}

const late = "Traefik is sending the request by then; that the plugin ends the body makes Traefik answer with 500 or 502, and the upstream gets a request that breaks off."

// deviations is what Traefik does by itself, before or behind the plugin.
var deviations = []conformance.Deviation{
	{Cases: "bodies/sqli-across-block", Kind: conformance.Refused, Reason: late},
	{Cases: "bodies/sqli-behind-100k", Kind: conformance.Refused, Reason: late},
	{Cases: "bodies/sqli-behind-1m", Kind: conformance.Refused, Reason: late},
	{Cases: "bodies/form-behind-100k", Kind: conformance.Refused, Reason: late},
	{Cases: "streaming/sqli-late-chunk", Kind: conformance.Refused, Reason: late},
	{Cases: "streaming/http2-large-sqli", Kind: conformance.Refused, Reason: late},
	{Cases: "limits/sqli-before-limit", Kind: conformance.Refused, Reason: late},
	{Cases: "streaming/trailers", Kind: conformance.Altered, Reason: "Traefik forwards the names of trailers and not their values."},
	{Cases: "protocol/connection-header", Kind: conformance.Altered, Reason: "Traefik removes the header that Connection names before it asks the plugin."},
	{Cases: "protocol/garbage", Kind: conformance.Skipped, Reason: "Traefik waits for the end of a request line that never comes and does not answer."},
}

// held is what differs for a WebAssembly guest, which has the whole body before
// the upstream hears of the request, so that nothing is refused too late.
var held = []conformance.Deviation{
	{Cases: "streaming/trailers", Kind: conformance.Altered, Reason: "Traefik forwards the names of trailers and not their values."},
	{Cases: "streaming/sqli-trailer", Kind: conformance.Skipped, Reason: "The handler ABI of http-wasm shows a guest no trailers; Traefik does not forward their values either."},
	{Cases: "protocol/connection-header", Kind: conformance.Altered, Reason: "Traefik removes the header that Connection names before it asks the plugin."},
	{Cases: "protocol/garbage", Kind: conformance.Skipped, Reason: "Traefik waits for the end of a request line that never comes and does not answer."},
}

// slow is what takes the interpreted engine longer than the suite waits.
var slow = []conformance.Deviation{
	{Cases: "limits/sqli-near-limit", Kind: conformance.Skipped, Reason: "Seven megabytes take the interpreted engine half a minute; its default limit is 64 KiB."},
	{Cases: "limits/sqli-behind-limit", Kind: conformance.Skipped, Reason: "Eight megabytes take the interpreted engine half a minute; its default limit is 64 KiB."},
}
