package kong

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/agent"
	driver "github.com/glacis-waf/glacis/conformance/kong"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/policy/country"
	"github.com/glacis-waf/glacis/policy/country/countrytest"
	"github.com/glacis-waf/glacis/sidecar/api"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// engineOf makes an engine with a policy.
func engineOf(t *testing.T, text string) *core.Engine {
	t.Helper()
	p, err := gateway.ParsePolicy(text, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	e, err := core.New(core.Config{Policy: p})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

const limited = `{"apiVersion":"glacis/v1","name":"limited","assets":[{"name":"shop","hosts":["shop.example"],"protections":{"geo":{"mode":"prevent","deny":["CN"]}}},
{"name":"blog","hosts":["blog.example"],"mode":"detect"}],"rateLimits":[{"name":"few","requests":2,"window":"1h"}]}`

// TestPolicyFromSidecar: the sidecar's policy is taken, with its rate limits and
// countries, and another when it changes; one that cannot be enforced is not.
func TestPolicyFromSidecar(t *testing.T) {
	service, err := inspection.New(inspection.Config{Engine: engineOf(t, limited)})
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	sidecar := httptest.NewServer(api.New("", api.Policy(service, nil)))
	t.Cleanup(sidecar.Close)
	countries, err := country.Open(countrytest.File(t, map[string]string{"192.0.2.0/24": "DE", "198.51.100.0/24": "CN"}))
	if err != nil {
		t.Fatal(err)
	}
	for _, cache := range []bool{false, true} {
		r := newRig(t, withPolicy(t, map[string]any{"policy_file": fromSidecar, "cache": cache}), Options{CacheBytes: 1 << 20, Countries: countries,
			Sidecar: agent.Config{Sidecar: sidecar.URL, Log: quiet()}})
		begin(r)
		r.said("policy limited@")
		for i, want := range []int{0, 0, 429, 429} {
			if o := r.wantStatus(want, get("/", "limited-"+string(rune('0'+i))+"000")); want == 429 && !strings.Contains(o.Body, "Too many requests") {
				t.Errorf("%s", o.Body)
			}
		}
		r.wantStatus(403, get(attack, "limited-attack")) // beyond the limit, too, but an attack
		far := get("/", "limited-far")
		far.Address = "198.51.100.1"
		r.wantStatus(403, far)
		for range 4 {
			blog := get("/", "limited-blog", driver.Header{Name: "X-A", Value: "b"})
			blog.Headers[0].Value, blog.Address = "blog.example", "192.0.2.99"
			r.wantStatus(0, blog)
		}
		if e := r.event("limited-3000"); e["event.action"] != "reject" || e["glacis.reason"] != "rateLimits" {
			t.Errorf("%v", e)
		}
	}
	r := newRig(t, withPolicy(t, map[string]any{"policy_file": fromSidecar}), Options{Sidecar: agent.Config{Sidecar: sidecar.URL, Log: quiet()}})
	begin(r)
	r.said("needs a database of countries, -geo-database")
	service.SetEngine(engineOf(t, `{"apiVersion":"glacis/v1","name":"next","defaults":{"mode":"detect"}}`))
	r.said("policy next@")
	r.wantStatus(0, get(attack, "next-attack"))
}

// begin has Kong start the instance, by a request of a source of its own.
func begin(r *rig) {
	first := get("/", "limited-begin")
	first.Address = "192.0.2.200"
	r.wantStatus(0, first)
}

// TestNoSidecar: a policy of a sidecar that there is none of is a mistake.
func TestNoSidecar(t *testing.T) {
	r := newRig(t, withPolicy(t, map[string]any{"policy_file": fromSidecar, "fail_mode": "closed"}), Options{})
	r.wantStatus(503, get("/", "no-sidecar-1"))
}
