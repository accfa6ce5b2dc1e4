package proxy

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestRefusalPage(t *testing.T) {
	r := newRig(t, echo, nil)
	res, page := r.wantStatus(403, "GET", "/?q=EVIL", "", "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
	id := res.Header.Get("X-Request-Id")
	if len(id) != 32 || !strings.Contains(page, "<code>"+id+"</code>") {
		t.Errorf("id %q is not on the page %q", id, page)
	}
	for name, want := range map[string]string{"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store",
		"X-Content-Type-Options": "nosniff", "Vary": "Accept"} {
		if res.Header.Get(name) != want {
			t.Errorf("%s: %q", name, res.Header.Get(name))
		}
	}
	if csp := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; style-src 'sha256-") {
		t.Errorf("policy %q", csp)
	}
	for _, no := range []string{"EVIL", "://", "src=", "<script"} {
		if strings.Contains(page, no) {
			t.Errorf("the page contains %q", no)
		}
	}
	if len(page) > 4<<10 {
		t.Errorf("the page has %d bytes", len(page))
	}
}

func TestRefusalProblem(t *testing.T) {
	r := newRig(t, echo, nil)
	res, body := r.wantStatus(403, "POST", "/api", "EVIL", "Accept", "application/json")
	var got map[string]any
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	if res.Header.Get("Content-Type") != "application/problem+json" || got["status"] != 403.0 || got["title"] != "Forbidden" ||
		got["type"] != "about:blank" || got["request_id"] != res.Header.Get("X-Request-Id") || got["detail"] == "" {
		t.Errorf("%v %s", res.Header, body)
	}
}

func TestRefusedHeadHasNoBody(t *testing.T) {
	r := newRig(t, echo, nil)
	if _, body := r.wantStatus(403, "HEAD", "/EVIL", "", "Accept", "text/html"); body != "" {
		t.Errorf("%q", body)
	}
}
