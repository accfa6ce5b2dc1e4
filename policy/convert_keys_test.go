package policy

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// keyCase is a line of testdata/openappsec-keys.yaml.
type keyCase struct {
	Of, Key string
	Value   any
	Given   map[string]any
}

// put sets a key of a document, by its path.
func put(t *testing.T, root any, path string, value any) {
	t.Helper()
	steps := strings.Split(path, ".")
	for _, step := range steps[:len(steps)-1] {
		switch at := root.(type) {
		case map[string]any:
			if at[step] == nil {
				at[step] = map[string]any{}
			}
			root = at[step]
		case []any:
			n, err := strconv.Atoi(step)
			if err != nil {
				t.Fatal(err)
			}
			root = at[n]
		}
	}
	root.(map[string]any)[steps[len(steps)-1]] = value
}

// converted returns the native form of a document, or the error, and the notes.
func converted(t *testing.T, root any) (string, []Problem) {
	t.Helper()
	text, err := yaml.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "local_policy.yaml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	doc, notes, err := Convert(file)
	if err != nil {
		return strings.ReplaceAll(err.Error(), filepath.Dir(file), ""), nil
	}
	native, err := Write(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(native), notes
}

// TestConvertKeys checks that no key of open-appsec is passed over in silence:
// each one alone changes the native document, or a note has its name and line.
func TestConvertKeys(t *testing.T) {
	text, err := os.ReadFile("testdata/openappsec-keys.yaml")
	if err != nil {
		t.Fatal(err)
	}
	fresh := func() (in struct {
		Base, Resource map[string]any
		Keys           []keyCase
	}) {
		if err := yaml.Unmarshal(text, &in); err != nil {
			t.Fatal(err)
		}
		return in
	}
	in := fresh()
	for i := range in.Keys {
		c := in.Keys[i]
		t.Run(c.Key, func(t *testing.T) {
			next := fresh()
			root := next.Base
			if c.Of == "resource" {
				root = next.Resource
			}
			for path, value := range c.Given {
				put(t, root, path, value)
			}
			before, _ := converted(t, root)
			put(t, root, c.Key, c.Value)
			after, notes := converted(t, root)
			last := c.Key[strings.LastIndexByte(c.Key, '.')+1:]
			named := slices.ContainsFunc(notes, func(p Problem) bool {
				return p.Line > 0 && (strings.HasSuffix(p.Path, "."+last) || strings.HasSuffix(p.Path, " "+last) || p.Path == last || strings.HasPrefix(p.Path, last+"["))
			})
			if before == after && !named {
				t.Errorf("passed over in silence; notes:\n%s", lines(notes))
			}
		})
	}
	for _, key := range knownKeys(t) {
		if !slices.ContainsFunc([]string{",", ".", ":"}, func(end string) bool { return strings.Contains(string(text), key+end) }) {
			t.Errorf("no line for %s", key)
		}
	}
}

// knownKeys are the keys that the converter lists as known.
func knownKeys(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("openappsec/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range regexp.MustCompile(`(?s)\.end\((.*?)\)`).FindAllStringSubmatch(string(source), -1) {
			for _, name := range regexp.MustCompile(`"(\w+)"`).FindAllStringSubmatch(call[1], -1) {
				out = append(out, name[1])
			}
		}
	}
	if len(out) < 50 {
		t.Fatalf("only %d known keys", len(out))
	}
	return out
}
