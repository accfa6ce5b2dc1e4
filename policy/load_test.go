package policy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/internal/golden"
)

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestFull loads a policy that uses every part of the schema, as one file and
// as a directory, and compares the warnings.
func TestFull(t *testing.T) {
	one, err := Load("testdata/full.yaml", day)
	if err != nil {
		t.Fatal(err)
	}
	golden.Equal(t, "testdata/full.golden", lines(one.Warnings))
	many, err := Load("testdata/directory", day)
	if err != nil {
		t.Fatal(err)
	}
	if len(many.Files) != 2 || len(many.Document.Assets) != 2 || len(many.Document.Exceptions) != 2 {
		t.Errorf("%v: %+v", many.Files, many.Document)
	}
	text, err := Write(one.Document)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse("again", text, day)
	if err != nil {
		t.Fatal(err)
	}
	if again.Policy.Version() != one.Policy.Version() {
		t.Errorf("%s, written and read again %s", one.Policy.Version(), again.Policy.Version())
	}
}

// TestErrors loads the files below testdata/errors; each begins with comments
// that hold the expected problems.
func TestErrors(t *testing.T) {
	files, err := filepath.Glob("testdata/errors/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text := read(t, file)
		var want []string
		for _, line := range strings.Split(text, "\n") {
			if rest, ok := strings.CutPrefix(line, "# want "); ok {
				want = append(want, rest)
			}
		}
		_, err := Parse(filepath.Base(file), []byte(text), day)
		if err == nil {
			t.Errorf("%s: no error", file)
			continue
		}
		if got := err.Error(); got != strings.Join(want, "\n") {
			t.Errorf("%s:\n%s\nwant\n%s", file, got, strings.Join(want, "\n"))
		}
	}
}

func TestLoadErrors(t *testing.T) {
	dir := t.TempDir()
	if _, err := Load(dir, day); err == nil || !strings.Contains(err.Error(), "has no .yaml, .yml or .json file") {
		t.Error(err)
	}
	if _, err := Load(filepath.Join(dir, "none"), day); err == nil {
		t.Error("no error")
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("a.yaml", "apiVersion: glacis/v1\nname: a\n")
	write("b.yaml", "apiVersion: glacis/v1\nname: b\n")
	write("c.test.yaml", "nonsense")
	write(".hidden.yaml", "nonsense")
	_, err := Load(dir, day)
	if want := filepath.Join(dir, "b.yaml") + ":2:1: name: is set in " + filepath.Join(dir, "a.yaml") + ":2 already"; err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	write("b.yaml", "apiVersion: v1beta2\npolicies: {default: {mode: prevent, threatPreventionPractices: []}}\n")
	if _, err := Load(dir, day); err == nil || !strings.Contains(err.Error(), "cannot be mixed") {
		t.Error(err)
	}
}
