package kong

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// exampleFiles are the examples here and those of deploy.
func exampleFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("examples/*.y*ml")
	if err != nil {
		t.Fatal(err)
	}
	return append(files, "../../deploy/kubernetes/kong.yaml", "../../deploy/compose/kong/kong.yml")
}

// TestExamples: every configuration of the plugin in the examples is one that
// the plugin takes, every plugin in them is this one, and misspelling any setting
// is noticed.
func TestExamples(t *testing.T) {
	files := exampleFiles(t)
	found := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for d := yaml.NewDecoder(bytes.NewReader(data)); ; {
			var doc any
			if err := d.Decode(&doc); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			found += checkConfigs(t, file, doc)
		}
	}
	if found != 6 {
		t.Errorf("%d configurations in %v, want 6", found, files)
	}
}

// checkConfigs looks for plugins: an object with config, and with the name in
// name (kong.yml) or plugin (the CRDs).
func checkConfigs(t *testing.T, file string, node any) (found int) {
	switch v := node.(type) {
	case []any:
		for _, item := range v {
			found += checkConfigs(t, file, item)
		}
	case map[string]any:
		if config, ok := v["config"]; ok {
			found++
			name := v["name"]
			if v["plugin"] != nil {
				name = v["plugin"]
			}
			if name != PluginName {
				t.Errorf("%s: plugin %v", file, name)
			}
			b, err := json.Marshal(config)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := ParseSettings(b); err != nil {
				t.Errorf("%s: %v", file, err)
			}
			settings, _ := config.(map[string]any)
			if len(settings) == 0 {
				t.Errorf("%s: no settings in %v", file, config)
			}
			for name := range settings {
				wrong := bytes.Replace(b, []byte(`"`+name+`":`), []byte(`"`+name+`x":`), 1)
				if _, err := ParseSettings(wrong); err == nil || !strings.Contains(err.Error(), name+"x: unknown setting") {
					t.Errorf("%s: %s: %v", file, wrong, err)
				}
			}
		}
		for _, item := range v {
			found += checkConfigs(t, file, item)
		}
	}
	return found
}

// TestExampleCommands: the commands in kong.conf and values.yaml are ones that
// the executable takes, and the socket in them is where it will be.
func TestExampleCommands(t *testing.T) {
	executable := filepath.Join(t.TempDir(), PluginName)
	if out, err := exec.Command("go", "build", "-o", executable, "./cmd/glacis").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	for file, separator := range map[string]string{"examples/kong.conf": "=", "examples/values.yaml": ":"} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		settings := map[string]string{}
		for line := range strings.Lines(string(data)) {
			if key, value, ok := strings.Cut(line, separator); ok {
				settings[strings.TrimSpace(key)] = strings.TrimSpace(value)
			}
		}
		query := strings.Fields(settings["pluginserver_glacis_query_cmd"])
		if len(query) < 2 || query[0] != "/usr/local/bin/"+PluginName {
			t.Fatalf("%s: query command %q", file, query)
		}
		if start := settings["pluginserver_glacis_start_cmd"]; strings.Join(query, " ") != start+" -dump" {
			t.Errorf("%s: start %q and query %q differ", file, start, query)
		}
		out, err := exec.Command(executable, query[1:]...).Output()
		if err != nil {
			t.Fatal(err)
		}
		var dump struct{ SocketPath string }
		if err := json.Unmarshal(out, &dump); err != nil {
			t.Fatal(err)
		}
		if dump.SocketPath != settings["pluginserver_glacis_socket"] {
			t.Errorf("%s: socket %q, the plugin's is %q", file, settings["pluginserver_glacis_socket"], dump.SocketPath)
		}
	}
}
