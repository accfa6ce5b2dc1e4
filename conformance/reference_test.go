package conformance

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
)

const attack = "1' UNION SELECT username, password FROM users-- -"

// TestVerdictsOfPrefixes: a wrapper may stop at the first block, so the verdict
// there counts as well as the final one; no other does.
func TestVerdictsOfPrefixes(t *testing.T) {
	engine, err := reference()
	if err != nil {
		t.Fatal(err)
	}
	r := post("text/plain", strings.Repeat("abc ", blockBytes/4)+strings.Repeat("abc ", blockBytes/4)+"<script>alert(document.cookie)</script>")
	r.Headers = append(r.Headers, core.Header{Name: "X-Search", Value: attack})
	event := func(v core.Verdict) *Event { e := NewEvent("id", &v); return &e }
	head := r
	head.Body = nil
	for name, c := range map[string]struct {
		e    *Event
		want bool
	}{
		"whole request":   {event(engine.Inspect(&r)), true},
		"headers only":    {event(engine.Inspect(&head)), true},
		"another request": {event(engine.Inspect(&core.Request{Method: "GET", URI: "/"})), false},
	} {
		text, err := compare(nil, &r, c.e)
		if err != nil || (text == "") != c.want {
			t.Errorf("%s: %q, %v, want agreement %v", name, text, err, c.want)
		}
	}
	// A request that is not blocked has one verdict only.
	clean := post("text/plain", strings.Repeat("abc ", blockBytes))
	if all, err := verdicts(nil, &clean); err != nil || len(all) != 1 {
		t.Errorf("%v, %v", all, err)
	}
}

// TestVerdictsOfTies: of two equally strong findings either may come first.
func TestVerdictsOfTies(t *testing.T) {
	r := get("/", core.Header{Name: "X-Search", Value: attack}, core.Header{Name: "X-Query", Value: attack})
	for _, name := range []string{"header.x-search", "header.x-query"} {
		v := core.Verdict{}
		if engine, err := reference(); err != nil {
			t.Fatal(err)
		} else {
			v = engine.Inspect(&r)
		}
		e := NewEvent("id", &v)
		e.Location = name
		if text, err := compare(nil, &r, &e); text != "" || err != nil {
			t.Errorf("%s: %s, %v", name, text, err)
		}
	}
}

func TestLocated(t *testing.T) {
	for _, c := range []struct {
		got, want string
		ok        bool
	}{
		{"query.q", "query.q", true},
		{"query.q", "", true},
		{"query.q#base64", "query.q", true},
		{"query.q#base64", "query.q#base64", true},
		{"query.q#base64#percent", "query.q#base64", false},
		{"path[2]#percent", "path", true},
		{"query.quantity", "query.q", false},
		{"body.json.q.r", "body.json.q", true},
	} {
		if located(c.got, c.want) != c.ok {
			t.Errorf("located(%q, %q) is not %v", c.got, c.want, c.ok)
		}
	}
}
