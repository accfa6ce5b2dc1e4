package policy

import (
	"strings"
	"testing"
)

func TestPattern(t *testing.T) {
	cases := []struct {
		pattern, stops, text string
		want                 bool
	}{
		{"/cms", "/", "/cms", true},
		{"/cms", "/", "/cms/", false},
		{"/cms/*", "/", "/cms/7", true},
		{"/cms/*", "/", "/cms/", true},
		{"/cms/*", "/", "/cms/7/8", false},
		{"/cms/**", "/", "/cms/7/8", true},
		{"/*/x/**/y", "/", "/a/x/b/c/y", true},
		{"/*/x/**/y", "/", "/a/x/y", false},
		{"**", "/", "", true},
		{"a*b*c", ".", "axxbyyc", true},
		{"a*b*c", ".", "axx.byyc", false},
		{`a\*b`, ".", "a*b", true},
		{`a\*b`, ".", "axb", false},
		{"query.*", ".:#", "query.q", true},
		{"query.*", ".:#", "query:q", false},
		{"é*", "/", "één", true},
	}
	for i := 0; i < len(cases); i++ {
		c := &cases[i]
		p, err := newPattern(c.pattern, c.stops)
		if err != nil {
			t.Fatalf("%q: %v", c.pattern, err)
		}
		if got := p.match(c.text); got != c.want {
			t.Errorf("%q on %q: %v", c.pattern, c.text, got)
		}
	}
	bad := []string{"", strings.Repeat("a", maxPattern+1)}
	for i := 0; i < len(bad); i++ {
		if _, err := newPattern(bad[i], "/"); err == nil {
			t.Errorf("%d bytes: no error", len(bad[i]))
		}
	}
}

func TestPlace(t *testing.T) {
	cases := []struct {
		pattern, location string
		want              bool
	}{
		{"query.q", "query.q", true},
		{"query.q", "query.q#base64", true},
		{"query.q", "query.q#json.user", true},
		{"query.q", "query.qq", false},
		{"query.q#base64", "query.q", false},
		{"query.q#base64", "query.q#base64", true},
		{"query.q#*", "query.q#percent#base64", false},
		{"query.q#**", "query.q#percent#base64", true},
		{"body.json.**.bio", "body.json.a.b.bio", true},
		{"path*", "path[2]", true},
	}
	for i := 0; i < len(cases); i++ {
		c := &cases[i]
		p, err := newPlace(c.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.match(c.location); got != c.want {
			t.Errorf("%q on %q: %v", c.pattern, c.location, got)
		}
	}
}

func TestJSONPlace(t *testing.T) {
	cases := []struct {
		path, location string
		want           bool
	}{
		{"user.bio", "body.json.user.bio", true},
		{"user.bio", "body.json.user.bio#html", true},
		{"items.#.name", "body.json.items.name", true},
		{"items.#", "body.json.items", true},
		{"#.name", "body.json.name", true},
		{"user.*", "body.json.user.bio", true},
		{"user.*", "body.json.user.a.b", false},
		{`a\.b.c`, "body.json.a.b.c", true},
		{`a\#b`, "body.json.a#b", true},
		{"user.bio", "body.json.user:bio", false},
	}
	for i := 0; i < len(cases); i++ {
		c := &cases[i]
		p, err := jsonPlace(c.path)
		if err != nil {
			t.Fatalf("%q: %v", c.path, err)
		}
		if got := p.match(c.location); got != c.want {
			t.Errorf("%q on %q: %v", c.path, c.location, got)
		}
	}
	bad := []string{"", "a..b", "a.", `items.#(name=="x")`, "a|b", "a?", "@this"}
	for i := 0; i < len(bad); i++ {
		if _, err := jsonPlace(bad[i]); err == nil {
			t.Errorf("%q: no error", bad[i])
		}
	}
}
