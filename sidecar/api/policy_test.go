package api

import (
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
	"github.com/glacis-waf/glacis/sidecar/signing"
)

const sitePolicy = `{"apiVersion":"glacis/v1","name":"site",
"defaults":{"response":"own","protections":{"addresses":{"mode":"prevent","deny":["203.0.113.0/24"]}}},
"assets":[{"name":"shop","hosts":["shop.test"]},{"name":"blog","hosts":["blog.test"],"mode":"detect"}],
"exceptions":[{"id":"search","assets":["shop"],"locations":["query.q"]}],
"responses":[{"name":"own","status":451,"json":"{\"blocked\":\"{id}\"}"}],
"source":{"trustedProxies":["10.0.0.0/8"]}}`

func newPolicyService(t *testing.T) (*inspection.Service, func() string) {
	t.Helper()
	p, err := gateway.ParsePolicy(sitePolicy, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	engine, err := core.New(core.Config{Policy: p})
	if err != nil {
		t.Fatal(err)
	}
	return newService(t, gateway.Settings{Log: gateway.LogAll}, func(c *inspection.Config) { c.Engine = engine })
}

// TestInspectUnderPolicy: the answer says what the policy decided, by the
// client behind the proxies that it trusts.
func TestInspectUnderPolicy(t *testing.T) {
	service, _ := newPolicyService(t)
	base := serve(t, "", Inspect(service))
	const attack = "=1%27%20union%20select%20name,password%20from%20users--%20-"
	for _, c := range []struct{ target, host, source, forwarded, want string }{
		{"/?q" + attack, "shop.test", "", "", "pass shop prevent  search=applied"},
		{"/?x" + attack, "shop.test", "", "", "block shop prevent score"},
		{"/?x" + attack, "blog.test", "", "", "block blog detect score"},
		{"/", "shop.test", "203.0.113.7", "", "block shop prevent addresses addresses:203.0.113.7"},
		{"/", "shop.test", "10.1.1.1:555", "192.0.2.1, 203.0.113.7", "block shop prevent addresses addresses:203.0.113.7"},
		{"/", "shop.test", "192.0.2.1", "203.0.113.7", "pass shop prevent "},
	} {
		call := inspectCase{Type: "application/http", Query: "?source=" + c.source,
			Body: "GET " + c.target + " HTTP/1.1\r\nHost: " + c.host + "\r\nX-Forwarded-For: " + c.forwarded + "\r\n\r\n"}
		res, body := call.send(t, base)
		var v Verdict
		if err := json.Unmarshal(body, &v); err != nil || res.StatusCode != 200 {
			t.Fatalf("%s %v %s", res.Status, err, body)
		}
		got := v.Action + " " + v.Asset + " " + v.Mode + " " + v.Reason
		for _, m := range v.Exceptions {
			got += " " + m.ID + "=" + m.Effect
		}
		for _, x := range v.Violations {
			got += " " + x.Protection + ":" + x.Detail
		}
		if got != c.want || !strings.HasPrefix(v.Policy, "site@") {
			t.Errorf("%+v: %s (policy %s), want %s", c, got, v.Policy, c.want)
		}
	}
}

// TestAuthzUnderPolicy: the decision, the answer and the event are the policy's.
func TestAuthzUnderPolicy(t *testing.T) {
	service, events := newPolicyService(t)
	base := serve(t, "", Authz(service)...)
	ask := func(forwarded string) int {
		req, err := http.NewRequest("GET", base+"/v1/authz/traefik", nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{"X-Forwarded-Method": "GET", "X-Forwarded-Uri": "/", "X-Forwarded-Host": "shop.test",
			"X-Forwarded-For": forwarded} {
			req.Header.Set(name, value)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	if got := ask("203.0.113.7, 10.0.0.9"); got != 451 {
		t.Errorf("a denied address got %d", got)
	}
	if got := ask("203.0.113.7, 192.0.2.1"); got != 200 {
		t.Errorf("an address that only claims to be a denied one got %d", got)
	}
	if text := events(); !strings.Contains(text, `"source.ip":"203.0.113.7"`) || !strings.Contains(text, `"glacis.reason":"addresses"`) {
		t.Errorf("events %s", text)
	}
}

// TestPolicyIsWaitedFor: a caller that has the policy gets the next one as soon
// as there is one, signed.
func TestPolicyIsWaitedFor(t *testing.T) {
	service, _ := newPolicyService(t)
	key, err := signing.LoadKey(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	base := serve(t, "", Policy(service, key.SignPolicy))
	ask := func(etag, wait string) (*http.Response, []byte) {
		req, err := http.NewRequest("GET", base+"/v1/policy?wait="+wait, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("If-None-Match", etag)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res, body
	}
	first, body := ask("", "20")
	if err := key.Public().VerifyPolicy(body, first.Header.Get("Glacis-Signature")); err != nil {
		t.Error(err)
	}
	if key.Public().Verify(body, first.Header.Get("Glacis-Signature")) == nil {
		t.Error("the signature of a policy is good for a profile")
	}
	if res, _ := ask(first.Header.Get("ETag"), "1"); res.StatusCode != 304 {
		t.Error(res.Status)
	}
	if res, _ := ask("", "26"); res.StatusCode != 400 {
		t.Error(res.Status)
	}
	second := make(chan string)
	go func() {
		res, _ := ask(first.Header.Get("ETag"), "20")
		second <- res.Header.Get("ETag")
	}()
	p, err := gateway.ParsePolicy(`{"apiVersion":"glacis/v1","name":"next"}`, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	engine, err := core.New(core.Config{Policy: p})
	if err != nil {
		t.Fatal(err)
	}
	service.SetEngine(engine)
	if got := <-second; got != `"`+p.Version()+`"` {
		t.Error(got)
	}
}

// TestRateLimits: every way of asking counts requests by source and endpoint.
func TestRateLimits(t *testing.T) {
	p, err := gateway.ParsePolicy(`{"apiVersion":"glacis/v1","assets":[{"name":"shop","hosts":["shop.test"]},{"name":"watched","hosts":["watched.test"],"mode":"detect"}],
"rateLimits":[{"name":"login","paths":["/login"],"requests":1,"window":"1h"}]}`, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	engine, err := core.New(core.Config{Policy: p})
	if err != nil {
		t.Fatal(err)
	}
	service, events := newService(t, gateway.Settings{Log: gateway.LogAll}, func(c *inspection.Config) { c.Engine = engine })
	base := serve(t, "", append(Authz(service), Inspect(service))...)
	authz := func(kind, host, source string) *http.Response {
		req, err := http.NewRequest("GET", base+"/v1/authz/"+kind, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		for name, value := range map[string]string{"X-Forwarded-Method": "GET", "X-Forwarded-Uri": "/login", "X-Forwarded-Host": host, "X-Forwarded-For": source,
			"X-Original-Method": "GET", "X-Original-Uri": "/login", "X-Real-Ip": source} {
			req.Header.Set(name, value)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res
	}
	for i, c := range []struct {
		kind, host, source string
		want               int
	}{
		{"traefik", "shop.test", "192.0.2.1", 200}, {"traefik", "shop.test", "192.0.2.1", 429}, {"nginx", "shop.test", "192.0.2.1", 403},
		{"nginx", "shop.test", "192.0.2.2", 200}, {"traefik", "watched.test", "192.0.2.3", 200}, {"traefik", "watched.test", "192.0.2.3", 200},
	} {
		res := authz(c.kind, c.host, c.source)
		if res.StatusCode != c.want || (c.want == 429) != (res.Header.Get("Retry-After") == "3600" && c.want == 429) {
			t.Errorf("%d: %s %v, want %d", i, res.Status, res.Header, c.want)
		}
	}
	call := inspectCase{Type: "application/http", Query: "?source=192.0.2.2", Body: "GET /login HTTP/1.1\r\nHost: shop.test\r\n\r\n"}
	_, body := call.send(t, base)
	var v Verdict
	if err := json.Unmarshal(body, &v); err != nil || v.Action != "block" || v.Reason != "rateLimits" || v.RetryAfter != 3600 {
		t.Errorf("%v %s", err, body)
	}
	service.SetEngine(engine) // another model, the same policy: it goes on counting
	if res := authz("traefik", "shop.test", "192.0.2.1"); res.StatusCode != 429 {
		t.Error(res.Status)
	}
	text := events()
	if n := strings.Count(text, `"event.action":"reject"`); n != 3 {
		t.Errorf("%d refusals in %s", n, text)
	}
	if !strings.Contains(text, `"event.action":"detect"`) || !strings.Contains(text, `"glacis.reason":"rateLimits"`) || !strings.Contains(text, `"glacis.violations":["rateLimits login"]`) {
		t.Error(text)
	}
}

// TestFailModeBeforeInspection: what the policy says of faults holds for requests
// that were never inspected, and an asset that only watches refuses none.
func TestFailModeBeforeInspection(t *testing.T) {
	p, err := gateway.ParsePolicy(`{"apiVersion":"glacis/v1","failMode":{"overload":"closed"},"assets":[{"name":"watched","hosts":["watched.test"],"mode":"detect"}]}`, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	engine, err := core.New(core.Config{Policy: p})
	if err != nil {
		t.Fatal(err)
	}
	service, _ := newService(t, gateway.Settings{}, func(c *inspection.Config) { c.Engine, c.MaxInFlight = engine, 1 })
	busy := service.Begin("test")
	defer busy.Close(nil)
	for host, want := range map[string]gateway.Action{"shop.test": gateway.ActionFailClosed, "watched.test": gateway.ActionFailOpen} {
		in := service.Begin("test")
		in.Head("GET", "/", []core.Header{{Name: "Host", Value: host}})
		if got := in.Action(); got != want || in.Fault() != inspection.FaultOverload {
			t.Errorf("%s: %s %s, want %s", host, got, in.Fault(), want)
		}
		in.Close(nil)
	}
}

// TestPolicyRoute: what wrappers get is the policy, and nothing when they have
// it already.
func TestPolicyRoute(t *testing.T) {
	service, _ := newPolicyService(t)
	base := serve(t, "", Policy(service, nil))
	req, err := http.NewRequest("GET", base+"/v1/policy", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{200, 304} {
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != want {
			t.Fatalf("%v %s, want %d", err, res.Status, want)
		}
		if want == 200 {
			p, err := gateway.ParsePolicy(string(body), time.Now())
			if err != nil || res.Header.Get("ETag") != `"`+p.Version()+`"` || p.Version() != service.Engine().Policy().Version() {
				t.Errorf("%v %s %s", err, res.Header, body)
			}
		}
		req.Header.Set("If-None-Match", res.Header.Get("ETag"))
	}
}
