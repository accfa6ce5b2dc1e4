package proxy

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// records returns the log's "request" records.
func (r *rig) records() []map[string]any {
	var out []map[string]any
	for line := range strings.Lines(r.logged.String()) {
		var rec map[string]any
		if err := json.Unmarshal([]byte(line), &rec); err != nil {
			r.Fatalf("log line %q: %v", line, err)
		}
		if rec["msg"] == "request" {
			out = append(out, rec)
		}
	}
	return out
}

func TestVerdictRecord(t *testing.T) {
	r := newRig(t, echo, nil)
	r.wantStatus(403, "POST", "/orders/%41?q=private", "a=EVIL", "X-Request-Id", "client-id-1", "Authorization", "Bearer top.secret")
	eventually(t, "logged", func() bool { return len(r.records()) == 1 })
	got := r.records()[0]
	for key, want := range map[string]any{"level": "WARN", "request_id": "client-id-1", "method": "POST", "path": "/orders/%41", "action": "block",
		"mode": "prevent", "status": 403.0, "family": "sqli", "confidence": "critical", "score": 97.0, "location": "body", "window": "a=EVIL",
		"body_bytes": 6.0, "uninspected_bytes": 0.0, "model": "words 1"} {
		if got[key] != want {
			t.Errorf("%s is %v, want %v", key, got[key], want)
		}
	}
	if got["duration_ms"] == nil || got["inspection_us"] == nil || got["client"] == nil {
		t.Errorf("no times or client in %v", got)
	}
}

func TestNoSecretsInTheLog(t *testing.T) {
	r := newRig(t, echo, nil)
	for _, header := range []string{"Authorization", "Cookie", "Proxy-Authorization", "X-Api-Key", "X-Auth-Token"} {
		r.wantStatus(403, "GET", "/", "", header, "s3cret-EVIL")
	}
	r.wantStatus(200, "GET", "/?password=s3cret", "password=s3cret", "Authorization", "s3cret", "Cookie", "sid=s3cret")
	eventually(t, "logged", func() bool { return len(r.records()) == 6 })
	if strings.Contains(r.logged.String(), "s3cret") {
		t.Errorf("the log tells: %s", r.logged)
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
