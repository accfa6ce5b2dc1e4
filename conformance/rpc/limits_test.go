package rpc

import (
	"net/http"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance"
	"github.com/glacis-waf/glacis/policy"
)

const limits = `apiVersion: glacis/v1
name: limits
source: {trustedProxies: [127.0.0.0/8], header: X-Client-Chain}
assets:
  - {name: watched, hosts: [watched.test], mode: detect}
rateLimits:
  - {name: few, requests: 2, window: 1h}
`

// TestRateLimits: a rate limit of the sidecar holds behind every real gateway
// that asks it, for each source on its own, and not where the asset only
// watches.
func TestRateLimits(t *testing.T) {
	for _, name := range []string{"envoy/ext_authz.yaml", "envoy/ext_authz_http.yaml", "envoy/ext_proc.yaml", "traefik/forwardauth", "nginx/auth_request"} {
		t.Run(name, func(t *testing.T) {
			backend, err := conformance.NewBackend("127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer backend.Close()
			loaded, err := policy.Parse("policy.yaml", []byte(limits), time.Now())
			if err != nil {
				t.Fatal(err)
			}
			p := &conformance.Policy{Name: "limits", YAML: []byte(limits), Policy: loaded.Policy}
			base := "http://" + startGateway(t, name, settings, p, conformance.NewEvents(), backend.Address())
			refused := http.StatusTooManyRequests
			if name == "nginx/auth_request" {
				refused = http.StatusForbidden
			}
			for i, c := range []struct {
				host, source string
				want         int
			}{
				{"shop.test", "192.0.2.1", 200}, {"shop.test", "192.0.2.1", 200}, {"shop.test", "192.0.2.1", refused}, {"shop.test", "192.0.2.2", 200},
				{"watched.test", "192.0.2.1", 200}, {"shop.test", "192.0.2.1", refused},
			} {
				req, err := http.NewRequest("GET", base+"/lamps", nil)
				if err != nil {
					t.Fatal(err)
				}
				req.Host = c.host
				req.Header.Set("X-Client-Chain", c.source)
				res, err := http.DefaultClient.Do(req)
				if err != nil {
					t.Fatal(err)
				}
				res.Body.Close()
				if res.StatusCode != c.want {
					t.Errorf("%d: %s from %s: %s, want %d", i, c.host, c.source, res.Status, c.want)
				}
				if c.want == http.StatusTooManyRequests && res.Header.Get("Retry-After") == "" {
					t.Errorf("%d: no Retry-After in %v", i, res.Header)
				}
			}
		})
	}
}
