package set

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// write lays out a module from "name: content" pairs.
func write(t *testing.T, files map[string]string) Module {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return Module{Path: "example.test/m", Dir: dir}
}

func sample(t *testing.T) Module {
	return write(t, map[string]string{
		"go.mod":                          "module example.test/m\n\ngo 1.26\n",
		"core/a.go":                       "package core\n",
		"core/a_test.go":                  "package core\n",
		"core/a_fuzz_test.go":             "package core\n",
		"core/a_native_test.go":           "package core\n",
		"core/testdata/a.json":            "[]",
		"core/testdata/fuzz/FuzzA/corpus": "x",
		"core/testdata/ignored.go":        "package ignored\n",
		"core/deep/b.go":                  "package deep\n",
		"models/basic/basic.go":           "package basic\n",
		"models/train/train.go":           "package train\n",
		"cmd/x/main.go":                   "package main\n",
	})
}

func TestPackages(t *testing.T) {
	m := sample(t)
	packages, err := m.Packages()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range packages {
		got = append(got, p.ImportPath+": "+strings.Join(p.Files, " "))
	}
	want := []string{
		"example.test/m/core: a.go a_test.go",
		"example.test/m/core/deep: b.go",
		"example.test/m/models/basic: basic.go",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("packages:\n got %q\nwant %q", got, want)
	}
}

func TestPackagesNone(t *testing.T) {
	m := write(t, map[string]string{"go.mod": "module example.test/m\n"})
	if _, err := m.Packages(); err == nil {
		t.Error("a module without interpreted packages was accepted")
	}
}

func TestContains(t *testing.T) {
	m := Module{Path: "example.test/m"}
	for path, want := range map[string]bool{
		"example.test/m/core":         true,
		"example.test/m/core/deep":    true,
		"example.test/m/models/basic": true,
		"example.test/m/corelike":     false,
		"example.test/m/models":       false,
		"example.test/core":           false,
	} {
		if got := m.Contains(path); got != want {
			t.Errorf("Contains(%q) = %v, want %v", path, got, want)
		}
	}
}

func TestFindModule(t *testing.T) {
	m := sample(t)
	got, err := FindModule(filepath.Join(m.Dir, "core", "deep"), "example.test/m")
	if err != nil {
		t.Fatal(err)
	}
	if got.Path != m.Path || filepath.Base(got.Dir) != filepath.Base(m.Dir) {
		t.Errorf("got %+v, want %+v", got, m)
	}
	if _, err := FindModule(m.Dir, "example.test/other"); err == nil {
		t.Error("found a module of another name")
	}
}

func TestWriteTree(t *testing.T) {
	m := sample(t)
	packages, err := m.Packages()
	if err != nil {
		t.Fatal(err)
	}
	gopath := t.TempDir()
	stale := filepath.Join(gopath, "src", "example.test", "m", "core", "deleted.go")
	if err := os.MkdirAll(filepath.Dir(stale), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stale, []byte("package core\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := WriteTree(gopath, packages); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		"core/a.go":                       true,
		"core/a_test.go":                  true,
		"core/testdata/a.json":            true,
		"core/deep/b.go":                  true,
		"models/basic/basic.go":           true,
		"core/a_fuzz_test.go":             false,
		"core/a_native_test.go":           false,
		"core/testdata/fuzz/FuzzA/corpus": false,
		"core/deleted.go":                 false,
		"cmd/x/main.go":                   false,
	} {
		_, err := os.Stat(filepath.Join(gopath, "src", "example.test", "m", filepath.FromSlash(name)))
		if (err == nil) != want {
			t.Errorf("%s in the tree: %v, want %v", name, err == nil, want)
		}
	}
}
