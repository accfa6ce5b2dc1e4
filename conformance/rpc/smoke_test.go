package rpc

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/conformance"
)

const sqli = "1' union select name, password from users-- -"

// The real gateways refuse what the sidecar blocks, with its page, and hand on
// the rest unchanged.
func TestGateways(t *testing.T) {
	for _, name := range []string{"envoy/ext_authz.yaml", "envoy/ext_authz_http.yaml", "envoy/ext_proc.yaml", "envoy/ext_proc_buffered.yaml",
		"traefik/forwardauth", "nginx/auth_request"} {
		t.Run(name, func(t *testing.T) {
			backend, err := conformance.NewBackend("127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer backend.Close()
			events := conformance.NewEvents()
			base := "http://" + startGateway(t, name, settings, nil, events, backend.Address())
			for _, c := range []struct {
				method, target, body string
				status               int
			}{
				{"GET", "/shop?q=lamp", "", 200},
				{"GET", "/shop?q=" + strings.ReplaceAll(strings.ReplaceAll(sqli, " ", "+"), "'", "%27"), "", 403},
				{"POST", "/shop", "q=lamp", 200},
				{"POST", "/shop", "q=" + sqli, 403},
				{"POST", "/shop", strings.Repeat("a ", 50_000) + sqli, 403},
				{"POST", "/shop", strings.Repeat("a ", 50_000), 200},
			} {
				if name == "nginx/auth_request" && c.body != "" {
					c.status = 200 // bodies are not shown
				}
				req, err := http.NewRequest(c.method, base+c.target, io.NopCloser(strings.NewReader(c.body)))
				if err != nil {
					t.Fatal(err)
				}
				if c.body == "" {
					req.Body = nil
				}
				req.Header.Set("X-Request-Id", "smoke-test-1")
				res, err := http.DefaultClient.Do(req)
				if err != nil {
					t.Fatal(err)
				}
				body, _ := io.ReadAll(res.Body)
				res.Body.Close()
				if res.StatusCode != c.status {
					t.Errorf("%s %.40s: %s %s", c.method, c.target+" "+c.body, res.Status, body)
				}
				if c.status == 403 && name != "nginx/auth_request" && (!strings.Contains(string(body), `"request_id":"smoke-test-1"`) || res.Header.Get("Content-Type") != "application/problem+json" || res.Header.Get("X-Request-Id") != "smoke-test-1") {
					t.Errorf("refusal %v %s", res.Header, body)
				}
			}
		})
	}
}
