package console

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/events"
	"github.com/glacis-waf/glacis/sidecar/api"
)

var bothTokens = api.Tokens{Agents: agentToken, Operators: operatorToken}

const sqli = "/search?q=1%27%20union%20select%20password%20from%20users--"

// TestPages goes through the console of a sidecar that learned, refused and has
// something to tell.
func TestPages(t *testing.T) {
	f := newFixture(t, bothTokens)
	f.login()
	wants(t, f.page(Root), "Nothing needs attention", "unseen 0 %", "prevent, from confidence high on", "Nothing among the latest events")
	wants(t, f.page(Root+"suggestions"), "There is nothing to settle")
	wants(t, f.page(Root+"audit"), "Nothing was decided yet")
	wants(t, f.page(Root+"events"), "There are no events yet")
	f.teach(5, lesson{"/search", "query.q", "aaaaa a aaaa", 3})
	id := f.attack(sqli)
	f.status.Model.Update, f.status.Policy.Error = "advanced 2.0.0", "3:1: unknown key"
	f.status.Events = []events.Stats{{Name: "webhook", Failed: 2, Error: "answer 500"}}
	for _, c := range []struct {
		page string
		want []string
	}{
		{"", []string{"A newer model is available: advanced 2.0.0", "3:1: unknown key", "Events do not get to webhook: answer 500", "2 events for webhook were dropped", "settled 100 %", "SQL injection", "union select"}},
		{"?live=1", []string{`<meta http-equiv="refresh" content="10">`, "Stop refreshing"}},
		{"events", []string{id, "SQL injection", "query.q", "envoy/ext_authz-http", "critical"}},
		{"events?action=pass", []string{"No event matches", "Show all", `<option selected>pass</option>`}},
		{"events?family=sqli&path=sear&confidence=critical", []string{id}},
		{"event?id=" + id, []string{"The request was refused.", "In the query parameter", "<code class=\"break\">query.q</code>, as it was sent", "The pieces that weighed most", "confidence <span class=\"level-critical\">critical",
			"id: event-" + id, "paths: [/search]", "locations: [query.q]", "families: [sqli]", "expires: ", "The event as it was written"}},
		{"learning", []string{"shop", "settled 100 %", "nothing", "What became of observations", "<dt>Applied</dt><dd>"}},
		{"learning/asset?name=shop", []string{"GET /search", "query.q", "Relearn shop", "Freeze"}},
		{"learning/endpoint?asset=shop&method=GET&template=%2Fsearch", []string{"query.q", "word", "aaaaa a aaaa", "state-watched", "of 12", "Revoke all of this parameter", "first seen 20"}},
		{"learning/endpoint?asset=shop", []string{"No parameter is known here"}},
		{"suggestions", []string{"SQL injection in", "GET /search", "critical findings are never discounted by learning alone", "apiVersion: glacis/v1", "learned-sqli-"}},
	} {
		wants(t, f.page(Root+c.page), c.want...)
	}
	for page, status := range map[string]int{"nowhere": 404, "event?id=none": 404, "learning/asset?name=nowhere": 404, "learning/endpoint": 400, "events?before=x": 400, "static/none.css": 404} {
		if w := f.do("GET", Root+page, nil); w.Code != status {
			t.Errorf("%s: %d, want %d", page, w.Code, status)
		}
	}
}

// TestEncodedFinding explains the decode chain of an attack.
func TestEncodedFinding(t *testing.T) {
	f := newFixture(t, bothTokens)
	f.login()
	id := f.attack("/search?q=MScgdW5pb24gc2VsZWN0IHBhc3N3b3JkIGZyb20gdXNlcnMtLQ==")
	wants(t, f.page(Root+"event?id="+id), "<li><code>#base64</code> base64 decoded</li>", "locations: [query.q#base64]")
}

// TestOlderEvents goes back through the events, page by page.
func TestOlderEvents(t *testing.T) {
	f := newFixture(t, bothTokens)
	f.login()
	for i := range 2*pageEvents + 3 {
		f.events.Show(fmt.Appendf(nil, `{"event.version":1,"event.id":"e%03d","event.action":"block","url.path":"/%d"}`, i, i%2))
	}
	seen := map[string]bool{}
	for target, pages := Root+"events?action=block", 0; target != ""; pages++ {
		page := f.page(target)
		for _, piece := range strings.Split(page, "event?id=")[1:] {
			seen[piece[:4]] = true
		}
		target = ""
		if _, rest, more := strings.Cut(page, `<a href="`+Root+"events?action=block&amp;before="); more {
			before, _, _ := strings.Cut(rest, `"`)
			target = Root + "events?action=block&before=" + before
		}
		if pages > 3 {
			t.Fatal("it does not end")
		}
	}
	if len(seen) != 2*pageEvents+3 {
		t.Errorf("%d events seen", len(seen))
	}
}

// A sidecar without a store has a console as well, with its status and events.
func TestWithoutLearning(t *testing.T) {
	f := newFixture(t, bothTokens)
	f.mount(bothTokens, f.console.cfg.Now, f.console.cfg.Log, f.events.Routes())
	f.login()
	wants(t, f.page(Root), "Only a sidecar that learns", "This sidecar does not learn")
	for _, page := range []string{"learning", "suggestions", "audit", "learning/asset?name=shop"} {
		if w := f.do("GET", Root+page, nil); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "--store") {
			t.Errorf("%s: %d %s", page, w.Code, w.Body)
		}
	}
}

// TestHeaders checks what tells a browser to be careful, on every kind of answer.
func TestHeaders(t *testing.T) {
	f := newFixture(t, bothTokens)
	check := func(target, cache string) {
		t.Helper()
		h := f.do("GET", target, nil).Header()
		if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "script-src") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: %s", target, csp)
		}
		if h.Get("X-Frame-Options") != "DENY" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != cache {
			t.Errorf("%s: %v", target, h)
		}
	}
	check(Root, "no-store")
	check(Root+"login", "no-store")
	check(style, "max-age=86400")
	f.login()
	check(Root, "no-store")
	check(Root+"nowhere", "no-store")
	for file, kind := range map[string]string{"console.css": "text/css", "icon.svg": "image/svg"} {
		if got := f.do("GET", Root+"static/"+file, nil).Header().Get("Content-Type"); !strings.HasPrefix(got, kind) {
			t.Errorf("%s: %s", file, got)
		}
	}
}

func TestNewWantsEndpoints(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("no error")
	}
}

// A form that is too long, or none, changes nothing.
func TestFormsAreBounded(t *testing.T) {
	f := newFixture(t, bothTokens)
	f.login()
	if w := f.do("POST", Root+"suggestions", url.Values{"why": {strings.Repeat("x", maxForm+1)}}); w.Code != http.StatusForbidden {
		t.Error(w.Code)
	}
}
