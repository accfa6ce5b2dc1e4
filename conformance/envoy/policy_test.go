package envoy

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar/api"
)

// TestPolicy gives the plugin a policy with two sites, one of which only reports,
// and an exception for one client.
func TestPolicy(t *testing.T) {
	vm, p := plugin(t, `{"policy":{"apiVersion":"glacis/v1","name":"shop","defaults":{"mode":"detect"},
		"assets":[{"name":"shop","hosts":["shop.test"],"mode":"prevent"}],
		"exceptions":[{"id":"scanner","sources":["192.0.2.0/24"],"families":["sqli"],"owner":"ops","reason":"our scanner","expires":"2999-01-01"}]}}`)
	hostile := get("/?id=" + strings.ReplaceAll(attack, " ", "+"))
	for _, c := range []struct{ host, client, action string }{
		{"shop.test", "198.51.100.1:9", "block"},
		{"other.test", "198.51.100.1:9", "detect"},
		{"shop.test", "192.0.2.9:9", "pass"},
	} {
		vm.Properties["source\x00address"] = c.client
		vm.Logs = nil
		hostile[0][1] = c.host
		s := begin(t, p)
		must(t, s.Headers(hostile, true), s.Close())
		if refused := s.Response != nil; refused != (c.action == "block") {
			t.Errorf("%+v: answer %v", c, s.Response)
		}
		if c.action == "pass" {
			continue
		}
		e := event(t, vm)
		policy, _ := e["glacis.policy"].(string)
		if e["event.action"] != c.action || !strings.HasPrefix(policy, "shop@") {
			t.Errorf("%+v: %v", c, e)
		}
	}
}

// enforce puts a policy in force in the sidecar, "" for none.
func (c *classroom) enforce(text string) {
	c.Helper()
	p, err := gateway.ParsePolicy(text, time.Now())
	if err != nil {
		c.Fatal(err)
	}
	e, err := core.New(core.Config{Policy: p})
	if err != nil {
		c.Fatal(err)
	}
	c.service.SetEngine(e)
}

// TestPolicyFromSidecar: a policy is taken, changed and kept when the sidecar has
// none any more or one that nobody signed; a configuration's own is not replaced.
func TestPolicyFromSidecar(t *testing.T) {
	c := newClassroom(t)
	p := c.plugin(`,"pollSeconds":5`)
	action := func() string {
		e := c.ask(p, 1, search(attack, "1"))
		policy, _ := e["glacis.policy"].(string)
		name, _, _ := strings.Cut(policy, "@")
		action, _ := e["event.action"].(string)
		return name + " " + action
	}
	after := func(want string, updates, failures int64) {
		t.Helper()
		c.advance(20 * time.Second)
		c.tick(p)
		if got := action(); got != want || c.vm.Metrics["glacis.policy_updates"] != updates || c.vm.Metrics["glacis.policy_update_failures"] != failures {
			t.Fatalf("%s, want %s; metrics %v, log %v", got, want, c.vm.Metrics, c.vm.Logs)
		}
	}
	after(" block", 0, 0)
	c.enforce(`{"apiVersion":"glacis/v1","name":"lax","defaults":{"mode":"detect"}}`)
	after("lax detect", 1, 0)
	after("lax detect", 1, 0)
	c.enforce(`{"apiVersion":"glacis/v1","name":"strict","defaults":{"mode":"prevent"}}`)
	after("strict block", 2, 0)
	good := c.handler
	for i, forge := range []func(w, right *httptest.ResponseRecorder){
		func(w, right *httptest.ResponseRecorder) { w.WriteHeader(500) },
		func(w, right *httptest.ResponseRecorder) { w.WriteHeader(404) },
		func(w, right *httptest.ResponseRecorder) { _, _ = w.Write(right.Body.Bytes()) },
		func(w, right *httptest.ResponseRecorder) {
			w.Header().Set(api.SignatureHeader, c.key.SignModel(right.Body.Bytes()))
			_, _ = w.Write(right.Body.Bytes())
		},
		func(w, right *httptest.ResponseRecorder) {
			bad := bytes.Replace(right.Body.Bytes(), []byte("glacis/v1"), []byte("glacis/v9"), 1)
			w.Header().Set(api.SignatureHeader, c.key.SignPolicy(bad))
			_, _ = w.Write(bad)
		},
	} {
		c.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/v1/policy" {
				good.ServeHTTP(w, r)
				return
			}
			r.Header.Del("If-None-Match")
			right := httptest.NewRecorder()
			good.ServeHTTP(right, r)
			forge(w.(*httptest.ResponseRecorder), right)
		})
		after("strict block", 2, int64(i+1))
	}
	c.handler = good
	c.enforce(`{"apiVersion":"glacis/v1","name":"lax","defaults":{"mode":"detect"}}`)
	after("lax detect", 3, 5)
	own, ok, err := c.vm.Plugin(`{"sidecar":"waf","sidecarToken":"` + token + `","publicKey":"` + c.key.Public().String() +
		`","policy":{"apiVersion":"glacis/v1","name":"own"}}`)
	if err != nil || !ok {
		t.Fatal(ok, err, c.vm.Logs)
	}
	asked := c.calls["/v1/policy"]
	p = own
	after("own block", 3, 5)
	if c.calls["/v1/policy"] != asked {
		t.Error("asks for a policy that it has no use for")
	}
}

// TestPolicyLearning: an asset that is not to be learned from is not observed,
// and what a policy asks for in vain is said.
func TestPolicyLearning(t *testing.T) {
	c := newClassroom(t)
	p := c.plugin(`,"policy":{"apiVersion":"glacis/v1","assets":[{"name":"quiet","hosts":["quiet.test"],"learning":"off"}],
		"rateLimits":[{"name":"all","requests":10}]}`)
	if log := c.vm.Logs; len(log) != 1 || !strings.Contains(log[0].Text, "policy.rateLimits") {
		t.Errorf("log %v", log)
	}
	c.tick(p)
	for _, host := range []string{"quiet.test", "loud.test", "quiet.test"} {
		request := search("shoes", "1")
		for i := range request {
			if request[i][0] == ":authority" {
				request[i][1] = host
			}
		}
		s := begin(t, p)
		must(t, s.Headers(request, true), s.Close())
	}
	c.tick(p)
	if n := c.vm.Metrics["glacis.observations"]; n != 1 {
		t.Errorf("%d requests were observed, want 1", n)
	}
}
