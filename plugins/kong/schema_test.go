package kong

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write schema.lua and the table of settings in README.md")

var described = Description{Name: PluginName, Version: "0.1.0", Priority: DefaultPriority, Prefix: "/usr/local/kong"}

// TestDump decodes what Kong will read.
func TestDump(t *testing.T) {
	b, err := described.Dump()
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Protocol, SocketPath string
		Plugins              []struct {
			Name, Version string
			Phases        []string
			Priority      int
			Schema        struct {
				Name   string
				Fields []map[string]struct {
					Type   string
					Fields []map[string]struct {
						Type    string
						Default any
						OneOf   []string  `json:"one_of"`
						Between []float64 `json:"between"`
					}
				}
			}
		}
	}
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	if d.Protocol != "ProtoBuf:1" || d.SocketPath != "/usr/local/kong/glacis.socket" || len(d.Plugins) != 1 {
		t.Fatalf("dump %s", b)
	}
	p := d.Plugins[0]
	if p.Name != "glacis" || p.Schema.Name != "glacis" || p.Priority != 2600 || len(p.Phases) != 1 || p.Phases[0] != "access" {
		t.Errorf("plugin %+v", p)
	}
	fields := p.Schema.Fields[0]["config"].Fields
	if len(fields) != len(Fields()) {
		t.Fatalf("%d fields", len(fields))
	}
	// The defaults of the schema are a configuration that the parser takes.
	defaults := map[string]any{}
	for i, want := range Fields() {
		got, ok := fields[i][want.Name]
		if !ok || got.Type != want.Type || len(got.OneOf) != len(want.OneOf) || (want.Max != 0) != (len(got.Between) == 2) {
			t.Errorf("field %s: %+v", want.Name, fields[i])
		}
		defaults[want.Name] = got.Default
	}
	filled, err := json.Marshal(defaults)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ParseSettings(filled)
	if err != nil {
		t.Fatal(err)
	}
	if none, _ := ParseSettings([]byte("{}")); s != none {
		t.Errorf("defaults of the schema %+v, of the parser %+v", s, none)
	}
}

// TestGenerated compares the files that are made from the table of fields.
func TestGenerated(t *testing.T) {
	golden(t, "schema.lua", func(string) string { return described.Lua() })
	golden(t, "README.md", func(readme string) string {
		const begin, end = "<!-- settings -->\n", "<!-- end of settings -->"
		head, rest, ok := strings.Cut(readme, begin)
		_, tail, ok2 := strings.Cut(rest, end)
		if !ok || !ok2 {
			t.Fatal("README.md has no place for the settings")
		}
		return head + begin + settingsTable() + end + tail
	})
}

func golden(t *testing.T, file string, render func(old string) string) {
	t.Helper()
	old, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	want := render(string(old))
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != string(old) {
		t.Errorf("%s is not what the settings say: go test ./plugins/kong -run Generated -update", file)
	}
}

func settingsTable() string {
	var b strings.Builder
	b.WriteString("| setting | type | default | meaning |\n|---|---|---|---|\n")
	for _, f := range Fields() {
		kind := f.Type
		if len(f.OneOf) > 0 {
			kind = "`" + strings.Join(f.OneOf, "`, `") + "`"
		}
		if f.Max != 0 {
			kind = fmt.Sprintf("%s, %d to %d", f.Type, f.Min, f.Max)
		}
		byDefault := "none"
		if f.Default != nil {
			byDefault = fmt.Sprintf("`%v`", f.Default)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Name, kind, byDefault, f.About)
	}
	return b.String()
}
