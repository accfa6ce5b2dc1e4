package traefik

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

const examples = "../../plugins/traefik/examples"

// TestFileExample loads the example of the file provider as it stands, but for
// the address of the shop.
func TestFileExample(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(examples, "file.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	i := start(t, Versions[0], strings.Replace(string(text), "http://shop:8080", "UPSTREAM", 1), "shop.example.com", echo)
	for host, want := range map[string]int{"shop.example.com": 403, "admin.example.com": 200} {
		if res := i.get(t, host, attack); res.StatusCode != want {
			t.Errorf("%s: an attack got %d, want %d", host, res.StatusCode, want)
		}
	}
}

// TestLabelExample takes the middleware from the labels of the Docker example
// and loads it with every value a string, as the Docker provider hands them on.
func TestLabelExample(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(examples, "compose.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var compose struct {
		Services map[string]struct{ Labels map[string]string }
	}
	if err := yaml.Unmarshal(text, &compose); err != nil {
		t.Fatal(err)
	}
	const prefix = "traefik.http.middlewares.waf.plugin.glacis."
	var options []string
	for label, value := range compose.Services["shop"].Labels {
		if name, ok := strings.CutPrefix(label, prefix); ok {
			options = append(options, fmt.Sprintf("%s: %q", name, value))
		}
	}
	sort.Strings(options)
	if len(options) < 5 {
		t.Fatalf("only %q in the labels", options)
	}
	i := start(t, Versions[0], routes(map[string]string{"labels": "{" + strings.Join(options, ", ") + "}"}), "labels.test", echo)
	if res := i.get(t, "labels.test", attack); res.StatusCode != http.StatusForbidden {
		t.Errorf("an attack got %d", res.StatusCode)
	}
}

// TestConfigErrors: a wrong option stops its own router and is named in the log.
func TestConfigErrors(t *testing.T) {
	cases := map[string][2]string{
		"mode":       {"{mode: prevnt}", "mode: prevnt: want prevent, detect or off"},
		"engine":     {"{engine: wasm}", "engine: wasm: want auto, sidecar or embedded"},
		"nosidecar":  {"{engine: sidecar}", "sidecar: engine sidecar needs its address"},
		"address":    {"{sidecar: 'localhost:1'}", "sidecar: localhost:1: want http://HOST:PORT"},
		"timeout":    {"{sidecarTimeout: soon}", "sidecarTimeout: soon: want a positive duration"},
		"confidence": {"{confidence: low}", "confidence: low: want medium, high or critical"},
		"failmode":   {"{failMode: ajar}", "failMode: ajar: want open or closed"},
		"log":        {"{log: some}", "log: some: want blocked"},
		"negative":   {"{maxBodyBytes: -1}", "maxBodyBytes: must not be negative"},
		"unknown":    {"{confidense: high}", "confidense: no such option; did you mean confidence?"},
		"contrary":   {"{mode: embedded, engine: sidecar, sidecar: 'http://h:1'}", "mode: embedded: contradicts engine sidecar"},
	}
	for _, version := range Versions {
		t.Run(version, func(t *testing.T) {
			all := map[string]string{"good": "{engine: embedded}"}
			for name, c := range cases {
				all[name] = c[0]
			}
			i := start(t, version, routes(all), "good.test", echo)
			for name, c := range cases {
				if res := i.get(t, name+".test", "/"); res.StatusCode != http.StatusNotFound {
					t.Errorf("%s: status %d, want 404", name, res.StatusCode)
				}
				if !strings.Contains(i.Log(), c[1]) {
					t.Errorf("%s: %q is not in the log", name, c[1])
				}
			}
		})
	}
}

// TestReload: a new configuration takes effect, at once and again and again.
func TestReload(t *testing.T) {
	backend := httptest.NewServer(echo)
	t.Cleanup(backend.Close)
	configure := func(mode string) string {
		return strings.ReplaceAll(routes(map[string]string{"shop": "{engine: embedded, mode: " + mode + "}"}), "UPSTREAM", backend.URL)
	}
	i := start(t, Versions[0], configure("prevent"), "shop.test", echo)
	for round := 0; round < 3; round++ {
		for mode, want := range map[string]int{"detect": 200, "prevent": 403} {
			if err := i.Configure(configure(mode)); err != nil {
				t.Fatal(err)
			}
			i.waitStatus(t, "shop.test", want)
		}
	}
}

// waitStatus waits until a host answers an attack with a status.
func (i *instance) waitStatus(t *testing.T, host string, want int) {
	t.Helper()
	got := 0
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if got = i.get(t, host, attack).StatusCode; got == want {
			return
		}
	}
	t.Fatalf("%s: an attack gets %d, want %d", host, got, want)
}
