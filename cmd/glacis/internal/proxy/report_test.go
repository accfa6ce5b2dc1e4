package proxy

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/glacis-waf/glacis/gateway"
)

// records returns the events so far.
func (r *rig) records() []map[string]any {
	var out []map[string]any
	for line := range strings.Lines(r.events.String()) {
		var rec map[string]any
		if err := json.Unmarshal([]byte(line), &rec); err != nil {
			r.Fatalf("event %q: %v", line, err)
		}
		out = append(out, rec)
	}
	return out
}

func TestEvent(t *testing.T) {
	r := newRig(t, echo, nil)
	r.wantStatus(403, "POST", "/orders/%41?q=private", "a=EVIL", "X-Request-Id", "client-id-1", "Authorization", "Bearer top.secret")
	eventually(t, "reported", func() bool { return len(r.records()) == 1 })
	got := r.records()[0]
	for key, want := range map[string]any{"event.version": 1.0, "event.id": "client-id-1", "event.action": "block", "observer.name": "glacis/proxy",
		"source.ip": "127.0.0.1", "http.request.method": "POST", "url.path": "/orders/%41", "url.domain": r.addr, "glacis.family": "sqli", "glacis.confidence": "critical",
		"glacis.score": 97.0, "glacis.location": "body", "glacis.window": "a=EVIL", "glacis.uninspected_bytes": 0.0, "glacis.model": "words 1"} {
		if got[key] != want {
			t.Errorf("%s is %v, want %v", key, got[key], want)
		}
	}
	eventually(t, "logged", func() bool { return strings.Contains(r.logged.String(), `"msg":"request"`) })
	for _, want := range []string{`"request_id":"client-id-1"`, `"status":403`, `"body_bytes":6`, `"duration_ms":`, `"inspection_us":`, `"mode":"prevent"`} {
		if !strings.Contains(r.logged.String(), want) {
			t.Errorf("no %s in %s", want, r.logged)
		}
	}
}

// What is reported is the setting's business.
func TestReport(t *testing.T) {
	for level, want := range map[string]int{gateway.LogAll: 3, gateway.LogFindings: 2, gateway.LogBlocked: 2, gateway.LogOff: 0} {
		r := newRig(t, echo, func(c *Config) { c.Report = level })
		r.do("GET", "/", "")
		r.do("GET", "/?EVIL", "")
		r.do("GET", "/", "", "Via", r.proxy.via)
		eventually(t, level, func() bool {
			return len(r.records()) == want && strings.Count(r.logged.String(), `"msg":"request"`) == 3
		})
	}
	r := newRig(t, echo, func(c *Config) { c.Events = nil }) // reports to nobody
	r.wantStatus(403, "GET", "/?EVIL", "")
}

func TestNoSecretsInEventsAndLog(t *testing.T) {
	r := newRig(t, echo, nil)
	for _, header := range []string{"Authorization", "Cookie", "Proxy-Authorization", "X-Api-Key", "X-Auth-Token"} {
		r.wantStatus(403, "GET", "/", "", header, "s3cret-EVIL")
	}
	r.wantStatus(200, "GET", "/?password=s3cret", "password=s3cret", "Authorization", "s3cret", "Cookie", "sid=s3cret")
	eventually(t, "reported", func() bool { return len(r.records()) == 6 })
	if strings.Contains(r.logged.String()+r.events.String(), "s3cret") {
		t.Errorf("it is told: %s%s", r.logged, r.events)
	}
}

func TestClip(t *testing.T) {
	for in, want := range map[string]string{"": "", "short": "short", "12345678": "12345678", "123456789": "12345678",
		"1234567é9": "1234567", "\xff\xfe\xfd": "?", "123456\xff\xff\xff\xff": "123456?"} {
		if got := clip(in, 8); got != want || !utf8.ValidString(got) {
			t.Errorf("clip(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzClip states: never longer than asked for, always valid.
func FuzzClip(f *testing.F) {
	f.Add("1234567é9", 8)
	f.Fuzz(func(t *testing.T, s string, n int) {
		if n < 0 || n > 1<<16 {
			t.Skip("out of range")
		}
		if got := clip(s, n); len(got) > n || !utf8.ValidString(got) {
			t.Errorf("clip(%q, %d) = %q", s, n, got)
		}
	})
}
