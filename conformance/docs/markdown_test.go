package docs

import (
	"slices"
	"testing"
)

func TestParse(t *testing.T) {
	p := Parse("# Two `words`, here\n\nsee [a](x.md#y) and `make b` [c](d(e).md)\n\n```sh\nglacis proxy \\\n  --mode detect\n```\n    not code\n\n    make f\n    make g\n\n`[no](link)`\n")
	links := []Mention{{3, "x.md#y"}, {3, "d(e).md"}}
	if !slices.Equal(p.Links, links) {
		t.Errorf("links: %v", p.Links)
	}
	code := []Mention{{1, "words"}, {3, "make b"}, {6, "glacis proxy --mode detect"}, {11, "make f"}, {12, "make g"}, {14, "[no](link)"}}
	if !slices.Equal(p.Code, code) {
		t.Errorf("code: %v", p.Code)
	}
	if !p.Anchors["two-words-here"] || len(p.Anchors) != 1 {
		t.Errorf("anchors: %v", p.Anchors)
	}
}

func TestFollow(t *testing.T) {
	pages := map[string]*Page{"docs/a.md": {Anchors: map[string]bool{"top": true}}}
	for to, ok := range map[string]bool{
		"#top": true, "#bottom": false, "https://example.com/x": true, "names.go": false, "../README.md": true, "../../x": false,
		"../conformance/docs/names.go": true, "../conformance/docs/names.go#top": false, "../conformance": true,
	} {
		if problem := follow(pages, "docs/a.md", to); (problem == "") != ok {
			t.Errorf("%s: %q", to, problem)
		}
	}
}
