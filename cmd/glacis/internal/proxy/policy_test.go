package proxy

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/gateway"
)

// attack is a value that the basic model is sure of.
const attack = "1%27%20union%20select%20password%20from%20users--"

// active compiles a policy and puts it into a real engine.
func active(t *testing.T, text string) *Active {
	t.Helper()
	doc, err := policy.Decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Compile(doc, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	engine, err := core.New(core.Config{Policy: p})
	if err != nil {
		t.Fatal(err)
	}
	return NewActive(engine, 1)
}

const sitePolicy = `{"apiVersion":"glacis/v1","name":"site","source":{"trustedProxies":["127.0.0.0/8"]},
"assets":[{"name":"shop","hosts":["shop.test"],"response":"sorry"},{"name":"watched","hosts":["watched.test"],"mode":"detect"},
{"name":"plain","hosts":["plain.test"],"mode":"off"},{"name":"away","hosts":["away.test"],"response":"away"}],
"responses":[{"name":"sorry","status":406,"page":"<p>Sorry {id}","json":"{\"sorry\":\"{id}\"}"},{"name":"away","status":303,"redirect":"/sorry?{id}"}],
"exceptions":[{"id":"office","action":"allow","sources":["192.0.2.0/24"]},{"id":"editor","assets":["shop"],"locations":["query.html"]}],
"rateLimits":[{"name":"login","paths":["/login"],"requests":2,"window":"1h"}]}`

// policyRig is a proxy with that policy.
func policyRig(t *testing.T) (*rig, *Policies) {
	policies := &Policies{}
	policies.Set(active(t, sitePolicy))
	return newRig(t, echo, func(c *Config) { c.Inspector = policies }), policies
}

// host makes a raw request without a body.
func (r *rig) host(method, host, target string, headers ...string) string {
	return r.raw(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\nX-Request-Id: abcdefgh\r\n" + strings.Join(headers, "") + "\r\n")
}

func (r *rig) want(answer, status, text string) {
	r.Helper()
	if !strings.HasPrefix(answer, "HTTP/1.1 "+status) || !strings.Contains(answer, text) {
		r.Errorf("want %s and %q:\n%s", status, text, answer)
	}
}

func TestPolicyAnswers(t *testing.T) {
	r, _ := policyRig(t)
	r.want(r.host("GET", "shop.test", "/?q="+attack, "Accept: text/html\r\n"), "406", "<p>Sorry abcdefgh")
	r.want(r.host("GET", "shop.test", "/?q="+attack, "Accept: application/json\r\n"), "406", `{"sorry":"abcdefgh"}`)
	r.want(r.host("GET", "away.test", "/?q="+attack), "303", "Location: /sorry?abcdefgh\r\n")
	r.want(r.host("GET", "other.test", "/?q="+attack), "403", "looks like an attack")
	r.want(r.host("GET", "watched.test", "/?q="+attack), "200", "GET /?q="+attack)
	r.want(r.host("GET", "plain.test", "/?q="+attack), "200", "GET /?q="+attack)
	r.want(r.host("GET", "shop.test", "/?html="+attack), "200", "GET /?html="+attack)
	eventually(t, "records", func() bool { return len(r.records()) == 7 })
	for _, want := range []string{`"glacis.asset":"watched","glacis.mode":"detect","glacis.reason":"score"`, `"event.action":"detect"`, `"glacis.exceptions":{"editor":"applied"}`, `"glacis.policy":"site@`} {
		if !strings.Contains(r.events.String(), want) {
			t.Errorf("no %s in the events:\n%s", want, r.events)
		}
	}
}

// TestPolicySource checks that a forwarding header counts only behind a
// trusted proxy, read from the right.
func TestPolicySource(t *testing.T) {
	r, policies := policyRig(t)
	const target = "/?q=" + attack
	r.want(r.host("GET", "other.test", target, "X-Forwarded-For: 198.51.100.1, 192.0.2.7\r\n"), "200", "GET")
	r.want(r.host("GET", "other.test", target, "X-Forwarded-For: 192.0.2.7, 198.51.100.1\r\n"), "403", "")
	policies.Set(active(t, strings.Replace(sitePolicy, "127.0.0.0/8", "10.0.0.0/8", 1)))
	r.want(r.host("GET", "other.test", target, "X-Forwarded-For: 192.0.2.7\r\n"), "403", "")
}

func TestPolicyRateLimit(t *testing.T) {
	r, _ := policyRig(t)
	for range 2 {
		r.want(r.host("POST", "shop.test", "/login", "Content-Length: 0\r\n"), "200", "POST /login")
	}
	r.want(r.host("POST", "shop.test", "/login", "Content-Length: 0\r\n"), "429", "Retry-After: 1800\r\n")
	r.want(r.host("POST", "shop.test", "/login", "Content-Length: 0\r\n", "X-Forwarded-For: 198.51.100.1\r\n"), "200", "")
	r.want(r.host("POST", "shop.test", "/other", "Content-Length: 0\r\n"), "200", "")
	for range 3 {
		r.want(r.host("POST", "watched.test", "/login", "Content-Length: 0\r\n"), "200", "")
	}
	eventually(t, "events of the limit", func() bool { return strings.Count(r.events.String(), `"glacis.violations":["rateLimits login"]`) == 4 })
	for _, want := range []string{`"event.action":"reject"`, `"event.action":"detect"`, `"glacis.reason":"rateLimits"`} {
		if !strings.Contains(r.events.String(), want) {
			t.Errorf("no %s in the events:\n%s", want, r.events)
		}
	}
}

// TestPolicyDetectAltersNothing sends a body that is blocked at its end to an
// asset in mode detect: it arrives byte for byte, also beyond --max-body-bytes.
func TestPolicyDetectAltersNothing(t *testing.T) {
	policies := &Policies{}
	policies.Set(active(t, sitePolicy))
	body := "text=" + strings.Repeat("harmless+", 15_000) + "&q=" + attack
	same := func(w http.ResponseWriter, r *http.Request) {
		got, err := io.ReadAll(r.Body)
		fmt.Fprint(w, err == nil && string(got) == body)
	}
	r := newRig(t, same, func(c *Config) { c.Inspector, c.MaxBodyBytes = policies, 1000 })
	send := func(host string) string {
		return r.raw(fmt.Sprintf("POST / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", host, len(body), body))
	}
	r.want(send("watched.test"), "200", "true")
	r.want(send("shop.test"), "413", "")
	eventually(t, "a record", func() bool { return strings.Contains(r.events.String(), `"event.action":"detect"`) })
}

// TestDetectKeepsRequestID checks that in mode detect, of the proxy or of the
// asset, the upstream gets the client's request ids as they are, and none of
// ours; the event has an id all the same.
func TestDetectKeepsRequestID(t *testing.T) {
	show := func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "%q", r.Header["X-Request-Id"]) }
	for _, c := range []struct {
		mode Mode
		host string
		keep bool
	}{
		{Prevent, "shop.test", false}, {Prevent, "watched.test", true}, {Prevent, "plain.test", true},
		{Detect, "shop.test", true}, {Detect, "watched.test", true},
	} {
		policies := &Policies{}
		policies.Set(active(t, sitePolicy))
		r := newRig(t, show, func(cfg *Config) { cfg.Inspector, cfg.Mode = policies, c.mode })
		for n, ids := range [][]string{nil, {"odd id"}, {""}, {"<b>", "second"}} {
			lines := ""
			for _, id := range ids {
				lines += "X-Request-Id: " + id + "\r\n"
			}
			answer := r.raw("GET /?n=1 HTTP/1.1\r\nHost: " + c.host + "\r\nConnection: close\r\n" + lines + "\r\n")
			_, got, _ := strings.Cut(answer, "\r\n\r\n")
			if same := got == fmt.Sprintf("%q", ids); same != c.keep {
				t.Errorf("%s, %s: ids %q reached the upstream as %s", c.mode, c.host, ids, got)
			}
			eventually(t, "an event", func() bool { return len(r.records()) == n+1 })
			if id, _ := r.records()[n]["event.id"].(string); !gateway.KeepID(id) || !c.keep && got != fmt.Sprintf("[%q]", id) {
				t.Errorf("%s, %s: ids %q: the event has %q, the upstream %s", c.mode, c.host, ids, id, got)
			}
		}
	}
}

// TestPolicySwap replaces the policy while a request is under way: it keeps
// the one it began with.
func TestPolicySwap(t *testing.T) {
	policies := &Policies{}
	policies.Set(active(t, sitePolicy))
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		policies.Set(active(t, strings.Replace(sitePolicy, `"site"`, `"next"`, 1)))
		echo(w, req)
	}, func(c *Config) { c.Inspector = policies })
	r.host("GET", "shop.test", "/one")
	r.host("GET", "shop.test", "/two")
	eventually(t, "records", func() bool { return len(r.records()) == 2 })
	for _, line := range strings.Split(r.events.String(), "\n") {
		if strings.Contains(line, `"/one"`) && !strings.Contains(line, `"glacis.policy":"site@`) || strings.Contains(line, `"/two"`) && !strings.Contains(line, `"glacis.policy":"next@`) {
			t.Error(line)
		}
	}
}
