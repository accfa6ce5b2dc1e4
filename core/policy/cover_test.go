package policy

import "testing"

func paths(patterns ...string) *Scope { return NewScope(&Exception{Paths: patterns}) }

func TestScopePaths(t *testing.T) {
	cases := []struct {
		wide, narrow string
		want         bool
	}{
		{"/cms/**", "/cms/x", true},
		{"/cms/**", "/cms/*", true},
		{"/cms/**", "/cms/*/x/**", true},
		{"/cms/*", "/cms/x", true},
		{"/cms/*", "/cms/x/", true},
		{"/cms/*", "/cms/x/y", false},
		{"/cms/*", "/cms/**", false},
		{"/cms/x", "/cms/**", false},
		{"/cms/**", "/cms", false},
		{"**", "/cms/**", true},
		{"/a*b*", "/a*b", true},
		{"/a*b", "/a*b*", false},
		{"/*/*", "/*/x*", true},
		{`/a\*`, "/a*", false},
		{"/a*", `/a\*`, true},
	}
	for i := 0; i < len(cases); i++ {
		c := &cases[i]
		if got := paths("/other", c.wide).Covers(paths(c.narrow)); got != c.want {
			t.Errorf("%s covers %s: %v", c.wide, c.narrow, got)
		}
	}
	if !paths().Covers(paths("/x")) || !paths().Covers(paths()) || paths("**").Covers(paths()) {
		t.Error("no paths are all")
	}
}

func TestScopePlaces(t *testing.T) {
	cases := []struct {
		wide, narrow string // JSON paths begin with a dot
		want         bool
	}{
		{"query.*", "query.q", true},
		{"query.*", "query.q#base64", true},
		{"query.q", "query.q#base64", true},
		{"query.q#base64", "query.q", false},
		{"query.q#*", "query.q#base64", true},
		{"query.q", "**#base64", false},
		{"query.*", "query.a.b", false},
		{"body.**", ".items.#.name", true},
		{".items.*", ".items.#.name", true},
		{".items.#.name", "body.json.items.name", true},
		{".items.name", ".items.*", false},
	}
	read := func(text string) *Scope {
		if text[0] == '.' {
			return NewScope(&Exception{JSONPaths: []string{text[1:]}})
		}
		return NewScope(&Exception{Locations: []string{text}})
	}
	for i := 0; i < len(cases); i++ {
		c := &cases[i]
		if got := read(c.wide).Covers(read(c.narrow)); got != c.want {
			t.Errorf("%s covers %s: %v", c.wide, c.narrow, got)
		}
	}
	if !paths().Covers(read("query.q")) || read("**").Covers(paths()) {
		t.Error("no places are all")
	}
}
