package gateway

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
)

func headerOf(r *Refusal, name string) string {
	for i := 0; i < len(r.Headers); i++ {
		if r.Headers[i].Name == name {
			return r.Headers[i].Value
		}
	}
	return ""
}

func TestPage(t *testing.T) {
	r := Refuse(ActionBlock, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "client-id-1")
	if r.Status != 403 || r.ContentType != "text/html; charset=utf-8" || !strings.Contains(r.Body, "<code>client-id-1</code>") {
		t.Errorf("%+v", r)
	}
	wanted := []core.Header{{Name: "Content-Type", Value: r.ContentType}, {Name: "Content-Security-Policy", Value: ContentPolicy},
		{Name: "Cache-Control", Value: "no-store"}, {Name: "Vary", Value: "Accept"}, {Name: "X-Content-Type-Options", Value: "nosniff"},
		{Name: "Referrer-Policy", Value: "no-referrer"}}
	for i := 0; i < len(wanted); i++ {
		if got := headerOf(&r, wanted[i].Name); got != wanted[i].Value {
			t.Errorf("%s: %q", wanted[i].Name, got)
		}
	}
	no := []string{"://", "src=", "<script", "href="}
	for i := 0; i < len(no); i++ {
		if strings.Contains(r.Body, no[i]) {
			t.Errorf("the page contains %q", no[i])
		}
	}
	if len(r.Body) > 4<<10 {
		t.Errorf("the page has %d bytes", len(r.Body))
	}
}

// The policy allows the page's own style and nothing else.
func TestContentPolicy(t *testing.T) {
	r := Refuse(ActionBlock, "text/html", "client-id-1")
	from, to := strings.Index(r.Body, "<style>")+len("<style>"), strings.Index(r.Body, "</style>")
	sum := sha256.Sum256([]byte(r.Body[from:to]))
	if want := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';"; !strings.Contains(ContentPolicy, want) {
		t.Errorf("%s lacks %s", ContentPolicy, want)
	}
}

func TestProblem(t *testing.T) {
	r := Refuse(ActionFailClosed, "", "client-id-1")
	var got map[string]interface{}
	if err := json.Unmarshal([]byte(r.Body), &got); err != nil {
		t.Fatal(err)
	}
	if r.Status != 503 || r.ContentType != "application/problem+json" || got["status"] != 503.0 || got["title"] != "Service Unavailable" ||
		got["type"] != "about:blank" || got["request_id"] != "client-id-1" || got["detail"] == "" || headerOf(&r, "Content-Security-Policy") != "" {
		t.Errorf("%+v", r)
	}
}

func TestEveryAnswerHasItsText(t *testing.T) {
	statuses := []int{400, 403, 405, 408, 413, 502, 503, 504, 508}
	for i := 0; i < len(statuses); i++ {
		r := Answer(statuses[i], "", "client-id-1")
		title, detail := statusText(statuses[i])
		if title != http.StatusText(statuses[i]) || detail == "" || r.Status != statuses[i] || !strings.Contains(r.Body, detail) {
			t.Errorf("%d: %q %q", statuses[i], title, detail)
		}
		if (headerOf(&r, "Allow") != "") != (statuses[i] == 405) {
			t.Errorf("%d: Allow %q", statuses[i], headerOf(&r, "Allow"))
		}
	}
}

func TestWantsPage(t *testing.T) {
	cases := []struct {
		accept string
		want   bool
	}{
		{"", false}, {"*/*", false}, {"text/html", true}, {"TEXT/HTML;level=1", true}, {"application/json", false},
		{"application/json, text/html", true}, {"application/json, text/html;q=0.5", false}, {"text/html;q=0", false}, {"text/html;q=nonsense", true},
		{"application/vnd.api+json;q=0.2, text/*;q=0.3", true}, {";;,,q=1;", false}, {"application/problem+json", false}, {"text/html;Q=0.1, application/*;q=.2", false},
		{"text/html;q=2", true}, {"text/html;q=NaN", true},
	}
	for i := 0; i < len(cases); i++ {
		if got := WantsPage(cases[i].accept); got != cases[i].want {
			t.Errorf("%q: %v", cases[i].accept, got)
		}
	}
}

func TestKeepID(t *testing.T) {
	keep := []string{"client-id-1", "0123456789abcdef", strings.Repeat("a", 128), "a.b_c-d.e"}
	for i := 0; i < len(keep); i++ {
		if !KeepID(keep[i]) {
			t.Errorf("%q is replaced", keep[i])
		}
	}
	replace := []string{"", "short", strings.Repeat("a", 129), "with blank", "with\nline", "<script>", "café-café", "quote\"quote", "slash/slash", "12345678:"}
	for i := 0; i < len(replace); i++ {
		if KeepID(replace[i]) {
			t.Errorf("%q is kept", replace[i])
		}
	}
}

func TestHexID(t *testing.T) {
	if got := HexID([]byte{0, 1, 0xab, 0xff}); got != "0001abff" {
		t.Error(got)
	}
	if id := HexID(make([]byte, 16)); !KeepID(id) {
		t.Error(id)
	}
}
