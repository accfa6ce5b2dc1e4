package policy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
)

// TestDocs runs the examples of docs/policy.md: the policy is valid and the
// test case passes.
func TestDocs(t *testing.T) {
	blocks := strings.Split(read(t, "../docs/policy.md"), "```yaml\n")
	if len(blocks) != 3 {
		t.Fatalf("%d examples", len(blocks)-1)
	}
	dir := t.TempDir()
	for i, name := range []string{"policy.yaml", "policy.test.yaml"} {
		text, _, _ := strings.Cut(blocks[i+1], "```")
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l, err := Load(filepath.Join(dir, "policy.yaml"), day)
	if err != nil || len(l.Warnings) > 0 {
		t.Fatal(err, l)
	}
	engine, err := core.New(core.Config{Policy: l.Policy})
	if err != nil {
		t.Fatal(err)
	}
	files, err := TestFiles(filepath.Join(dir, "policy.yaml"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	cases, err := ReadCases(files[0])
	if err != nil || len(cases) != 1 {
		t.Fatal(cases, err)
	}
	if differences, err := cases[0].Run(engine); err != nil || len(differences) > 0 {
		t.Error(differences, err)
	}
}
