package guest

import (
	"encoding/json"
	"sort"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/wasm/http/internal/host"
)

// memory is a host with one request in memory.
type memory struct {
	config, method, target string
	headers                map[string][]string
	body                   []string // pieces
	panics                 string   // the call that panics

	log      []string
	written  string
	status   int
	answered []string
	text     string
}

func (m *memory) Config() []byte { return []byte(m.config) }

func (m *memory) Log(_ host.Level, line string) { m.log = append(m.log, line) }

func (m *memory) Method() string { return m.method }

func (m *memory) Target() string { return m.target }

func (m *memory) Source() string { return "192.0.2.7:4000" }

func (m *memory) Names() []string {
	if m.panics == "names" {
		panic("names")
	}
	var out []string
	for name := range m.headers {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

func (m *memory) Values(name string) []string { return m.headers[name] }

func (m *memory) SetHeader(name, value string) { m.headers[strings.ToLower(name)] = []string{value} }

func (m *memory) Read() ([]byte, bool) {
	if len(m.body) == 0 {
		return nil, true
	}
	p := m.body[0]
	m.body = m.body[1:]
	return []byte(p), len(m.body) == 0
}

func (m *memory) Write(p []byte) { m.written += string(p) }

func (m *memory) Answer(status int, headers []string, body string) {
	m.status, m.answered, m.text = status, headers, body
}

const attack = "/?q=1%27%20union%20select%20name,password%20from%20users--%20"

func TestRequest(t *testing.T) {
	piece := strings.Repeat("a page of honest words\n", 1000)
	cases := []struct {
		name   string
		host   memory
		passes bool
		status int
		action string
	}{
		{"honest", memory{target: "/?q=lamp", body: []string{"one ", "two"}}, true, 0, "pass"},
		{"attack", memory{target: attack}, false, 403, "block"},
		{"detect", memory{config: `{"mode":"detect"`, target: attack}, true, 0, "detect"},
		{"late", memory{target: "/", body: []string{piece, piece, piece + "' union select name,password from users--"}}, false, 403, "block"},
		{"too long", memory{config: `{"maxHeldBytes":"32768"`, target: "/", body: []string{piece, piece}}, false, 413, "reject"},
		{"declared too long", memory{config: `{"maxHeldBytes":32768`, target: "/", headers: map[string][]string{"content-length": {"40000"}}, body: []string{piece}}, true, 0, "fail_open"},
		{"stream", memory{config: `{"failMode":"closed"`, target: "/", headers: map[string][]string{"content-type": {"application/grpc+proto"}}, body: []string{piece}}, false, 503, "fail_closed"},
		{"panic", memory{target: "/", panics: "names"}, true, 0, "fail_open"},
		{"panic closed", memory{config: `{"failMode":"closed"`, target: "/", panics: "names"}, false, 503, "fail_closed"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := c.host
			if h.config == "" {
				h.config = `{"mode":"prevent"`
			}
			h.config += `,"log":"all"}`
			h.method = "POST"
			if h.headers == nil {
				h.headers = map[string][]string{}
			}
			h.headers["host"] = []string{"shop.test"}
			body := strings.Join(h.body, "")
			g, err := New(&h)
			if err != nil {
				t.Fatal(err)
			}
			if got := g.Request(); got != c.passes || h.status != c.status {
				t.Fatalf("passes %v with status %d", got, h.status)
			}
			if c.name == "honest" && h.written != body {
				t.Errorf("the upstream gets %q of %q", h.written, body)
			}
			var e struct {
				ID     string `json:"event.id"`
				Action string `json:"event.action"`
				Source string `json:"source.ip"`
			}
			if err := json.Unmarshal([]byte(h.log[len(h.log)-1]), &e); err != nil || e.Action != c.action || len(e.ID) != 32 {
				t.Errorf("%v in %q", err, h.log)
			}
			if c.status > 0 && !strings.Contains(h.text, e.ID) {
				t.Errorf("the answer %q has not the id %s", h.text, e.ID)
			}
			if id := h.headers["x-request-id"]; c.passes && c.name != "detect" && (len(id) != 1 || id[0] != e.ID) {
				t.Errorf("the upstream gets the id %q", id)
			}
		})
	}
}

// TestID: a harmless id is kept, and no two requests get the same.
func TestID(t *testing.T) {
	h := &memory{method: "GET", target: "/", headers: map[string][]string{"x-request-id": {"4f1c2d3e-0001"}}}
	g, err := New(h)
	if err != nil {
		t.Fatal(err)
	}
	if !g.Request() || h.headers["x-request-id"][0] != "4f1c2d3e-0001" {
		t.Errorf("%v", h.headers)
	}
	seen := map[string]bool{}
	for range 100 {
		h.headers["x-request-id"] = []string{"' or 1=1"}
		h.target = "/" + strings.Repeat("a", len(seen))
		g.Mode = "detect"
		r := &request{g: g}
		r.head()
		seen[r.id] = true
	}
	if len(seen) != 100 {
		t.Errorf("%d ids for 100 requests", len(seen))
	}
}

// TestOptions: errors name the key.
func TestOptions(t *testing.T) {
	for text, want := range map[string]string{
		`{"mode":"prevnt"}`:           "mode: ",
		`{"engine":"sidecar"}`:        "unknown key",
		`{"maxHeldBytes":"many"}`:     "maxHeldBytes: ",
		`{"maxHeldBytes":1}`:          "maxHeldBytes: ",
		`{"policy":{"apiVersion":1}}`: "policy.apiVersion: ",
		`{"policy":"{"}`:              "policy: ",
	} {
		if _, err := New(&memory{config: text}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s…", text, err, want)
		}
	}
	h := &memory{config: `{"mode":"off"}`, target: attack}
	g, err := New(h)
	if err != nil || !g.Request() || len(h.log) > 0 {
		t.Errorf("mode off: %v %v", err, h.log)
	}
}
