package api

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
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

// TestPolicyRoute: what wrappers get is the policy, and nothing when they have
// it already.
func TestPolicyRoute(t *testing.T) {
	service, _ := newPolicyService(t)
	base := serve(t, "", Policy(service))
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
