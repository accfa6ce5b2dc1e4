package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/status"
)

// runCommand runs a command line and returns what it says.
func runCommand(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err strings.Builder
	code = run(t.Context(), args, strings.NewReader(""), &out, &err)
	return code, out.String(), err.String()
}

// TestStatusOfAProxy asks a proxy that runs, before and after its policy has
// become invalid.
func TestStatusOfAProxy(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer upstream.Close()
	file := filepath.Join(t.TempDir(), "policy.yaml")
	put(t, file, "apiVersion: glacis/v1\nname: shop\n")
	said := startProxy(t, "--upstream", upstream.URL, "--mode", "detect", "--policy", file)
	res, err := http.Get("http://" + said["listen"] + "/?q=1%27%20union%20select%20password%20from%20users--")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	ask := func() (int, *status.Overview) {
		code, out, errors := runCommand(t, "status", "--proxy", said["metrics"], "--json")
		var o status.Overview
		if err := json.Unmarshal([]byte(out), &o); err != nil || len(o.Nodes) != 1 {
			t.Fatalf("%v: %s %s", err, out, errors)
		}
		return code, &o
	}
	code, o := ask()
	n := o.Nodes[0]
	if code != exitOK || n.Kind != "proxy" || n.Mode != "detect" || n.Model.Type != "basic" || n.Model.Name == "" || !strings.HasPrefix(n.Policy.Name, "shop@") ||
		n.Policy.Error != "" || n.Version == "" || n.Updated.IsZero() || len(n.Events) != 1 || n.Events[0].Name != "stdout" {
		t.Errorf("%d %+v %q", code, n, o.Trouble)
	}
	if err := os.WriteFile(file, []byte("apiVersion: glacis/v1\nnmae: shop\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if code, o = ask(); code == exitTrouble {
			break
		}
		waitABit()
	}
	if code != exitTrouble || len(o.Trouble) != 1 || !strings.Contains(o.Trouble[0], `policy.yaml:2:1`) {
		t.Errorf("%d %q", code, o.Trouble)
	}
	code, out, _ := runCommand(t, "status", "--proxy", said["metrics"])
	if code != exitTrouble || !strings.Contains(out, "\n! proxy: policy: ") || !strings.Contains(out, "  mode      detect") {
		t.Errorf("%d\n%s", code, out)
	}
}

func TestStatusUsage(t *testing.T) {
	for want, args := range map[string]string{
		"--interval 0s is not positive": "status --interval 0s",
		"--proxy: address":              "status --proxy ftp://x",
		"--sidecar: address":            "status --sidecar ftp://x",
		"--sidecar-token-file":          "status --sidecar h --sidecar-token-file /nowhere",
		"--since":                       "logs --since yesterday",
		`did you mean "block"`:          "logs --action blok",
		"--family":                      "logs --family sql",
		"not both":                      "logs --sidecar h f",
		"--follow takes one file":       "logs -f a b",
		"no such file":                  "logs /nowhere",
		"--event-sink":                  "proxy --upstream http://x --event-sink kafka://x",
		`did you mean "findings"`:       "proxy --upstream http://x --log finding",
	} {
		if code, _, errors := runCommand(t, strings.Fields(args)...); code != exitUsage || !strings.Contains(errors, want) {
			t.Errorf("%s: %d %s, want %s", args, code, errors, want)
		}
	}
	if code, _, errors := runCommand(t, "status", "--proxy", "127.0.0.1:1"); code != exitTrouble || !strings.Contains(errors, "1 to look at") {
		t.Errorf("%d %s", code, errors)
	}
}

// TestLogsFromASidecar sends events to a sidecar that learns and reads them back.
func TestLogsFromASidecar(t *testing.T) {
	addresses, _ := startSidecar(t, "--store", t.TempDir())
	text, err := os.ReadFile("internal/eventlog/testdata/log.txt")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, `{"event.version":1,"@timestamp":"2026`) {
			lines = append(lines, strings.TrimSpace(line)+"\n")
		}
	}
	res, err := http.Post("http://"+addresses[0]+"/v1/events", "application/x-ndjson", strings.NewReader(strings.Join(lines, "")))
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, res.Body)
	res.Body.Close()
	if res.StatusCode != http.StatusNoContent {
		t.Fatal(res.Status)
	}
	var code int
	var out, errors string
	for range 200 {
		if code, out, errors = runCommand(t, "logs", "--json", "--sidecar", addresses[0], "--since", "2026-11-22"); out == strings.Join(lines, "") {
			break
		}
		waitABit()
	}
	if code != exitOK || out != strings.Join(lines, "") {
		t.Errorf("%d %s %s", code, out, errors)
	}
	if _, out, _ = runCommand(t, "logs", "--sidecar", addresses[0], "--family", "sqli"); strings.Count(out, "\n") != 1 || !strings.Contains(out, "block       critical sqli (97)") {
		t.Error(out)
	}
	code, out, errors = runCommand(t, "status", "--sidecar", addresses[0])
	if code != exitOK || !strings.HasPrefix(out, "sidecar ") {
		t.Errorf("%d %s %s", code, out, errors)
	}
}

// waitABit lets others go on; nothing depends on how long it is.
func waitABit() { time.Sleep(50 * time.Millisecond) }
