// Package set says which packages and files of the module the yaegi
// interpreter has to run, so that the lint, the test runner and the gateways
// that embed the interpreter agree on it.
package set

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
)

// Roots are the directories, relative to the module, whose packages are
// interpreted. Every package below them belongs to the set too.
var Roots = []string{"core", "models/basic", "gateway", "plugins/traefik"}

// nativeOnly are the suffixes of test files that the interpreter does not get:
// fuzzing needs the native tool chain, and some assertions (allocations,
// benchmarks against helpers outside the set) only make sense natively.
var nativeOnly = []string{"_fuzz_test.go", "_native_test.go"}

// Module is a module on disk.
type Module struct {
	// Path is the module path from go.mod.
	Path string
	// Dir is the absolute directory that holds go.mod.
	Dir string
}

// Package is one interpreted package.
type Package struct {
	// ImportPath is the full import path.
	ImportPath string
	// Dir is the absolute directory.
	Dir string
	// Files are the names of the Go files the interpreter gets, sorted.
	Files []string
}

// FindModule walks up from dir to the nearest go.mod that names the module
// wanted; an empty name takes the nearest one.
func FindModule(dir, wanted string) (Module, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Module{}, fmt.Errorf("find module: %w", err)
	}
	for {
		name, err := modulePath(filepath.Join(dir, "go.mod"))
		if err == nil && (wanted == "" || wanted == name) {
			return Module{Path: name, Dir: dir}, nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return Module{}, fmt.Errorf("find module: %w", err)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return Module{}, errors.New("find module: no go.mod in this directory or above")
		}
		dir = parent
	}
}

func modulePath(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	for _, line := range strings.Split(string(text), "\n") {
		if name, ok := strings.CutPrefix(line, "module "); ok {
			return strings.TrimSpace(name), nil
		}
	}
	return "", fmt.Errorf("%s has no module line", file)
}

// Packages lists the interpreted packages of m, sorted by import path. A root
// that does not exist (yet) is left out; having none at all is an error.
func (m Module) Packages() ([]Package, error) {
	var out []Package
	for _, root := range Roots {
		err := filepath.WalkDir(filepath.Join(m.Dir, filepath.FromSlash(root)), func(dir string, d fs.DirEntry, err error) error {
			if err != nil {
				if errors.Is(err, fs.ErrNotExist) {
					return nil
				}
				return err
			}
			if !d.IsDir() {
				return nil
			}
			if d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_") {
				return fs.SkipDir
			}
			files, err := goFiles(dir)
			if err != nil || len(files) == 0 {
				return err
			}
			rel, err := filepath.Rel(m.Dir, dir)
			if err != nil {
				return err
			}
			out = append(out, Package{ImportPath: path.Join(m.Path, filepath.ToSlash(rel)), Dir: dir, Files: files})
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("list interpreted packages: %w", err)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("list interpreted packages: none below %s", m.Dir)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ImportPath < out[j].ImportPath })
	return out, nil
}

// Contains says whether an import path belongs to the interpreted set.
func (m Module) Contains(importPath string) bool {
	for _, root := range Roots {
		full := m.Path + "/" + root
		if importPath == full || strings.HasPrefix(importPath, full+"/") {
			return true
		}
	}
	return false
}

// Interpreted says whether the interpreter gets the Go file of that name.
func Interpreted(name string) bool {
	if !strings.HasSuffix(name, ".go") || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
		return false
	}
	for _, suffix := range nativeOnly {
		if strings.HasSuffix(name, suffix) {
			return false
		}
	}
	return true
}

func goFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if !e.IsDir() && Interpreted(e.Name()) {
			out = append(out, e.Name())
		}
	}
	return out, nil
}
