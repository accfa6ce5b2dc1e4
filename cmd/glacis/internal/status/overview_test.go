package status

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/ask"
	"github.com/glacis-waf/glacis/internal/golden"
)

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// source serves the answers of a map by path.
func source(t *testing.T, path string, answers map[string]string) Source {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := answers[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = w.Write([]byte(text))
	}))
	t.Cleanup(server.Close)
	c, err := ask.New(server.URL, ask.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return Source{Address: "test", Client: c, Path: path}
}

const (
	proxyStatus = `{"kind":"proxy","version":"1.0.0","host":"node-1","started":"2026-11-22T08:47:00Z","mode":"prevent","confidence":"high","fail":"open",
"model":{"name":"basic 1.1.0","type":"basic","error":"not signed","update":"advanced 2.0.0"},"policy":{"name":"shop@1f0c5e9ab2d4","loaded":"2026-11-22T10:00:00Z","error":"policy.yaml:3:12: unknown word","warnings":2,"exceptions":[{"id":"editor-html","applied":12,"idle":3,"state":"needed"},{"id":"search","applied":0,"idle":7,"state":"no longer needed"}]},
"profile":"17","updated":"2026-11-22T10:00:00Z","counts":{"requests":1234,"blocked":5,"fail_open":2,"fail_closed":1,"failures":3},
"events":[{"name":"stdout","sent":120,"waiting":1},{"name":"syslog","dropped_full":7,"error":"connection refused"}]}`
	sidecarStatus = `{"kind":"sidecar","version":"1.0.0","host":"node-1","started":"2026-11-22T11:59:00Z","mode":"detect","model":{"name":"basic 1.1.0","type":"basic"},"policy":{},"updated":"2026-11-22T11:59:00Z","counts":{},"events":[]}`
	agents        = `{"agents":[{"id":"kong-01","kind":"kong","version":"1.0.0","mode":"prevent","model":"advanced 2.0.0","model_type":"advanced","policy":"shop@1f0c5e9ab2d4","profile":"17","started":"2026-11-22T08:00:00Z","last_seen":"2026-11-22T11:59:57Z","updated":"2026-11-22T09:00:00Z","requests":99,"blocks":3,"fail_open":4,"failures":4},
{"id":"proxy-02","kind":"proxy","version":"1.0.0\u001b[2J","started":"2026-11-22T08:00:00Z","last_seen":"2026-11-22T11:55:00Z","requests":0,"blocks":0,"policy_error":"3:1: unknown key"}],"sidecars":["a"]}`
	learning = `{"profile":"17","assets":[{"name":"shop","maturity":{"level":"forming","percent":60,"missing":"8 sources"},"endpoints":4,"params":9}]}`
)

// TestOverview compares what is printed; testdata/overview.txt is the example of
// docs/status.md, too.
func TestOverview(t *testing.T) {
	o := Ask(t.Context(), now, source(t, "/-/status", map[string]string{"/-/status": proxyStatus}),
		source(t, "/v1/status", map[string]string{"/v1/status": sidecarStatus, "/v1/agents": agents, "/v1/learning": learning}))
	var out bytes.Buffer
	if err := o.Print(&out); err != nil {
		t.Fatal(err)
	}
	golden.Equal(t, "testdata/overview.txt", out.String())
	doc, err := os.ReadFile("../../../../docs/status.md")
	example := strings.Replace(out.String(), `\x1b[2J`, strings.Repeat(" ", 7), 1)
	if err != nil || !strings.Contains(string(doc), "```\n"+example+"```\n") {
		t.Errorf("docs/status.md has another example: %v", err)
	}
	if len(o.Trouble) != 5 || strings.Contains(out.String(), "\x1b") {
		t.Errorf("%q", o.Trouble)
	}
	data, err := json.Marshal(o)
	if err != nil || !strings.Contains(string(data), `"agents":[{"id":"kong-01"`) {
		t.Errorf("%s %v", data, err)
	}
}

func TestOverviewOfLess(t *testing.T) {
	gone, err := ask.New("127.0.0.1:1", ask.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for want, sources := range map[string][]Source{
		"no proxy and no sidecar answers on this machine": {{Client: gone, Path: "/", Optional: true}},
		"sidecar at x: ":              {{Address: "sidecar at x", Client: gone, Path: "/"}},
		"test: answer 404 Not Found":  {source(t, "/elsewhere", nil)},
		"sidecar: /v1/learning: answ": {source(t, "/v1/status", map[string]string{"/v1/status": sidecarStatus, "/v1/agents": "{}", "/v1/learning": "[]"})},
		"":                            {{Client: gone, Path: "/", Optional: true}, source(t, "/v1/status", map[string]string{"/v1/status": sidecarStatus})},
	} {
		o := Ask(t.Context(), now, sources...)
		if got := strings.Join(o.Trouble, "\n"); want == "" && got != "" || !strings.HasPrefix(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
