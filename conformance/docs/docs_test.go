package docs

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../.."

// walk calls visit for every file of the repository that is not built or
// installed, with its path from the root and its text.
func walk(t *testing.T, ext string, visit func(path, text string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		if d.IsDir() {
			if rel != "." && (strings.HasPrefix(d.Name(), ".") || rel == "build" || rel == "bin") {
				return fs.SkipDir
			}
			return nil
		}
		if filepath.Ext(path) != ext && d.Name() != ext {
			return nil
		}
		text, err := os.ReadFile(path)
		if err == nil {
			visit(rel, string(text))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// repository gathers the names that exist.
func repository(t *testing.T) *Names {
	t.Helper()
	n := newNames()
	walk(t, "Makefile", func(_, text string) { n.AddMakefile(text) })
	walk(t, ".mk", func(_, text string) { n.AddMakefile(text) })
	walk(t, ".go", func(_, text string) { n.AddGo(text) })
	reference, err := os.ReadFile(filepath.Join(root, "docs/commands.md"))
	if err != nil {
		t.Fatal(err)
	}
	n.AddReference(string(reference))
	if len(n.Targets) < 20 || len(n.Commands) < 20 || len(n.Tests) < 200 || len(n.Metrics) < 20 {
		t.Fatalf("too few names: %d targets, %d commands, %d tests, %d metrics", len(n.Targets), len(n.Commands), len(n.Tests), len(n.Metrics))
	}
	return n
}

// allowed are names that only look like one, or may be gone, by document.
var allowed = map[string]string{
	"CHANGELOG.md: glacis_findings_total":          "says that it is gone",
	"CHANGELOG.md: glacis model train --bits":      "says that it is gone",
	"plugins/traefik/README.md: glacis middleware": "a line of Traefik's log",
	"wasm/README.md: glacis_fail_closed":           "a response code detail of Envoy",
}

// TestNames checks that what documents name exists.
func TestNames(t *testing.T) {
	n := repository(t)
	used := map[string]bool{}
	walk(t, ".md", func(path, text string) {
		if path == filepath.Join("docs", "commands.md") {
			return // written from the commands themselves
		}
		for _, code := range Parse(text).Code {
			for _, bad := range n.Unknown(code.Text) {
				key := filepath.ToSlash(path) + ": " + bad
				if used[key] = true; allowed[key] == "" {
					t.Errorf("%s:%d: there is no %s", path, code.Line, bad)
				}
			}
		}
	})
	for key := range allowed {
		if !used[key] {
			t.Errorf("%s is allowed and does not occur", key)
		}
	}
}

// TestLinks checks that relative links lead to files, and fragments to
// headings.
func TestLinks(t *testing.T) {
	pages := map[string]*Page{}
	walk(t, ".md", func(path, text string) { pages[path] = Parse(text) })
	links := 0
	for path, page := range pages {
		for _, l := range page.Links {
			links++
			if problem := follow(pages, path, l.Text); problem != "" {
				t.Errorf("%s:%d: %s: %s", path, l.Line, l.Text, problem)
			}
		}
	}
	if links < 50 {
		t.Errorf("only %d links found", links)
	}
}

// follow says what is wrong with a link of a page, "" for nothing. Other
// people's pages are not asked for.
func follow(pages map[string]*Page, from, to string) string {
	u, err := url.Parse(to)
	if err != nil {
		return err.Error()
	}
	if u.Scheme != "" || u.Host != "" {
		return ""
	}
	file := from
	if u.Path != "" {
		file = filepath.Join(filepath.Dir(from), u.Path)
		if strings.HasPrefix(file, "..") {
			return "leads out of the repository"
		}
		if _, err := os.Stat(filepath.Join(root, file)); err != nil {
			return "no such file"
		}
	}
	if page := pages[file]; u.Fragment != "" && (page == nil || !page.Anchors[u.Fragment]) {
		return "no such heading"
	}
	return ""
}

// TestIndex checks that docs/README.md names every document.
func TestIndex(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs/README.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{"docs/README.md": true}
	for _, l := range Parse(string(text)).Links {
		file, _, _ := strings.Cut(l.Text, "#")
		named[filepath.Join("docs", file)] = true
	}
	walk(t, ".md", func(path, _ string) {
		if !named[path] && !strings.Contains(path, "testdata/") {
			t.Errorf("docs/README.md does not name %s", path)
		}
	})
}
