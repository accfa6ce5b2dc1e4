package lint

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/conformance/yaegi/set"
)

// lintFile runs all rules over one file of testdata as a package of its own.
func lintFile(t *testing.T, dir, name string) []Finding {
	t.Helper()
	abs, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	m := set.Module{Path: "example.test/m", Dir: abs}
	findings, err := Packages(m, []set.Package{{ImportPath: "example.test/m/core/sample", Dir: abs, Files: []string{name}}})
	if err != nil {
		t.Fatal(err)
	}
	return findings
}

// wanted counts the "want" marks of each line of a file.
func wanted(t *testing.T, file string) map[int]int {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	out := map[int]int{}
	for i, line := range strings.Split(string(text), "\n") {
		if _, mark, ok := strings.Cut(line, "// want"); ok {
			out[i+1] = 1 + strings.Count(mark, "want")
		}
	}
	return out
}

func TestRules(t *testing.T) {
	for _, rule := range Rules() {
		t.Run(rule, func(t *testing.T) {
			dir := filepath.Join("testdata", rule)
			got := map[int]int{}
			for _, f := range lintFile(t, dir, "bad.go") {
				if f.Rule == rule {
					got[f.Pos.Line]++
				}
			}
			want := wanted(t, filepath.Join(dir, "bad.go"))
			if len(want) == 0 || !reflect.DeepEqual(got, want) {
				t.Errorf("bad.go: findings a line %v, want %v", got, want)
			}
			for _, f := range lintFile(t, dir, "good.go") {
				t.Errorf("good.go: unexpected %s", f.Text())
			}
		})
	}
}

// TestRulesHaveSamples keeps testdata and the list of rules in step.
func TestRulesHaveSamples(t *testing.T) {
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	var dirs []string
	for _, e := range entries {
		dirs = append(dirs, e.Name())
	}
	if !reflect.DeepEqual(dirs, Rules()) {
		t.Errorf("testdata has %q, the rules are %q", dirs, Rules())
	}
}

func TestNewerAPINamesAllowedPackages(t *testing.T) {
	for name := range newerAPI {
		pkg := name[:strings.LastIndex(name, "/")+1+strings.Index(name[strings.LastIndex(name, "/")+1:], ".")]
		if !allowedImports[pkg] {
			t.Errorf("%s: package %s is not on the import list", name, pkg)
		}
	}
}

func TestBrokenPackageIsAnError(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.go"), []byte("package a\n\nvar x int = \"\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	m := set.Module{Path: "example.test/m", Dir: dir}
	if _, err := Packages(m, []set.Package{{ImportPath: "example.test/m/core/a", Dir: dir, Files: []string{"a.go"}}}); err == nil {
		t.Error("a package that does not compile was linted without an error")
	}
}
