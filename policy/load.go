package policy

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	core "github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/policy/openappsec"
)

// Loaded is a policy that was read, checked and compiled.
type Loaded struct {
	// Policy is what an engine takes.
	Policy *core.Policy
	// Document is what was written.
	Document *core.Document
	// Warnings is what is valid but does not do what it seems to: keys that
	// nobody enforces, exceptions that have expired.
	Warnings []Problem
	// Files are the files it was read from, in their order.
	Files []string
	// Remote is set when it came from a sidecar: what it says of files is not
	// about this machine.
	Remote bool

	at positions
}

// TestSuffix is the end of the names of files with test cases.
const TestSuffix = ".test.yaml"

// maxFiles is how many files a directory may have.
const maxFiles = 1000

// Load reads, checks and compiles a file or a directory. now is the time by
// which exceptions have expired. If the policy is invalid the error is an
// Error; there is then nothing else to be had.
func Load(path string, now time.Time) (*Loaded, error) {
	files, err := Files(path)
	if err != nil {
		return nil, err
	}
	texts := make([][]byte, len(files))
	for i, file := range files {
		if texts[i], err = os.ReadFile(file); err != nil {
			return nil, fmt.Errorf("read policy: %w", err)
		}
	}
	return load(files, texts, now)
}

// Parse reads, checks and compiles a policy from memory; name stands for the
// file in messages.
func Parse(name string, text []byte, now time.Time) (*Loaded, error) {
	return load([]string{name}, [][]byte{text}, now)
}

// Files lists the files of a policy: path itself, or what a directory holds,
// in the order of the names. Hidden files and test cases are left out.
func Files(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read policy: %w", err)
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, fmt.Errorf("read policy: %w", err)
	}
	var out []string
	for _, e := range entries {
		name := e.Name()
		ext := filepath.Ext(name)
		if strings.HasPrefix(name, ".") || strings.HasSuffix(name, TestSuffix) || !slices.Contains([]string{".yaml", ".yml", ".json"}, ext) {
			continue
		}
		if info, err := os.Stat(filepath.Join(path, name)); err != nil || info.IsDir() {
			continue
		}
		out = append(out, filepath.Join(path, name))
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("read policy: %s has no .yaml, .yml or .json file", path)
	}
	if len(out) > maxFiles {
		return nil, fmt.Errorf("read policy: %s has more than %d files", path, maxFiles)
	}
	return out, nil
}

func load(files []string, texts [][]byte, now time.Time) (*Loaded, error) {
	t := newTree()
	var foreign []openappsec.Document
	for i, file := range files {
		docs, err := documents(file, texts[i])
		if err != nil {
			return nil, err
		}
		for _, doc := range docs {
			if openappsec.Is(doc) {
				foreign = append(foreign, openappsec.Document{File: file, Root: doc})
				continue
			}
			t.add(file, doc)
		}
	}
	if len(foreign) > 0 {
		return loadForeign(files, foreign, len(t.root.Keys) > 0, now)
	}
	if len(t.at) == 0 {
		return nil, Error{{File: files[0], Message: "is empty"}}
	}
	if len(t.problems) > 0 {
		return nil, Error(sorted(t.problems))
	}
	doc, err := core.FromNode(t.root)
	if err != nil {
		return nil, t.located(err)
	}
	return finish(files, doc, t.at, nil, now)
}

// located gives the problems in an error their places.
func (t *tree) located(err error) error { return t.at.locate(problems(err)) }

func problems(err error) core.Problems {
	var p core.Problems
	if errors.As(err, &p) {
		return p
	}
	return core.Problems{{Message: err.Error()}}
}

// finish compiles a document and lints it.
func finish(files []string, doc *core.Document, at positions, warnings []Problem, now time.Time) (*Loaded, error) {
	p, err := core.Compile(doc, now)
	if err != nil {
		return nil, at.locate(problems(err))
	}
	if shadowed := shadows(doc, at); len(shadowed) > 0 {
		return nil, Error(sorted(shadowed))
	}
	l := &Loaded{Policy: p, Document: doc, Files: files, at: at}
	l.Warnings = append(warnings, lint(doc, at, p)...)
	return l, nil
}

// loadForeign converts a policy of open-appsec. What it cannot do is a warning
// each; the converted document must still compile.
func loadForeign(files []string, docs []openappsec.Document, mixed bool, now time.Time) (*Loaded, error) {
	if mixed {
		return nil, Error{{File: docs[0].File, Line: docs[0].Root.Line, Column: docs[0].Root.Column,
			Message: "an open-appsec policy and a " + core.APIVersion + " policy cannot be mixed: convert it with glacis policy convert"}}
	}
	doc, notes := openappsec.Convert(docs)
	warnings, err := told(notes)
	if err != nil {
		return nil, err
	}
	at := positions{"": {files[0], 1, 1}}
	return finish(files, doc, at, warnings, now)
}

// Convert reads a policy of open-appsec and returns the native document and
// what it could not take over, without compiling it.
func Convert(path string) (*core.Document, []Problem, error) {
	files, err := Files(path)
	if err != nil {
		return nil, nil, err
	}
	var docs []openappsec.Document
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, nil, fmt.Errorf("read policy: %w", err)
		}
		roots, err := documents(file, text)
		if err != nil {
			return nil, nil, err
		}
		for _, root := range roots {
			if !openappsec.Is(root) {
				return nil, nil, Error{{File: file, Line: root.Line, Column: root.Column, Message: "is no open-appsec policy"}}
			}
			docs = append(docs, openappsec.Document{File: file, Root: root})
		}
	}
	doc, notes := openappsec.Convert(docs)
	warnings, err := told(notes)
	if err != nil {
		return nil, nil, err
	}
	return doc, warnings, nil
}

// told divides the notes of a conversion into warnings and an error.
func told(notes []openappsec.Note) ([]Problem, error) {
	var failures, warnings []Problem
	for _, n := range notes {
		p := Problem{File: n.File, Line: n.Line, Column: n.Column, Path: n.Key, Message: n.Message}
		if n.Fatal {
			failures = append(failures, p)
		} else {
			warnings = append(warnings, p)
		}
	}
	if len(failures) > 0 {
		return nil, Error(sorted(failures))
	}
	return sorted(warnings), nil
}
