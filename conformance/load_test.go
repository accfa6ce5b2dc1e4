package conformance

import (
	"strings"
	"testing"
	"testing/fstest"
)

// minSuite is how many cases the suite promises (docs/conformance.md).
const minSuite = 600

func TestSuite(t *testing.T) {
	cases, err := Cases()
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) < minSuite {
		t.Errorf("%d cases, want %d", len(cases), minSuite)
	}
	misses, malformed := 0, 0
	for _, c := range cases {
		m := c.Message("conf-test-000001")
		if c.Expect.Miss != "" {
			misses++
		}
		if m.Request == nil {
			malformed++
		} else if !m.HTTP2 && !m.Unfinished {
			if _, err := parse(m.Raw); err != nil {
				t.Errorf("%s: %v", c.Name(), err)
			}
		}
		if !strings.Contains(string(m.Raw), "conf-test-000001") && c.Expect.Action != Refuse {
			t.Errorf("%s carries no request id", c.Name())
		}
	}
	if misses > len(cases)/20 {
		t.Errorf("%d of %d cases are known misses: that is no suite of clear cases", misses, len(cases))
	}
	t.Logf("%d cases, %d known misses, %d malformed messages", len(cases), misses, malformed)
}

func TestLoadErrors(t *testing.T) {
	const head = "group: g\nabout: text\n"
	for _, c := range []struct{ name, text, want string }{
		{"unknown key", head + "cases:\n- {id: a, reason: b, reqest: {}}\n", "cases/a.yaml:4: field reqest not found"},
		{"no YAML", "group: [\n", "cases/a.yaml:"},
		{"no group", "about: x\n", "cases/a.yaml:1: group and about are required"},
		{"two documents", head + "---\ngroup: h\n", "more than one document"},
		{"no reason", head + "cases:\n- {id: a, request: {}, expect: {action: pass}}\n", "cases/a.yaml:4: a: reason is missing"},
		{"bad id", head + "cases:\n- {id: a/b, reason: r, request: {}, expect: {action: pass}}\n", `id "a/b"`},
		{"unknown action", head + "cases:\n- {id: a, reason: r, request: {}, expect: {action: deny}}\n", `action "deny"`},
		{"unknown family", head + "cases:\n- {id: a, reason: r, request: {}, expect: {action: block, family: sql}}\n", `family "sql" does not exist`},
		{"family of a pass", head + "cases:\n- {id: a, reason: r, request: {}, expect: {action: pass, family: sqli}}\n", "need action block"},
		{"raw and request", head + "cases:\n- {id: a, reason: r, raw: x, request: {}, expect: {action: pass}}\n", "either raw or request"},
		{"bad header", head + "cases:\n- {id: a, reason: r, request: {headers: [x]}, expect: {action: pass}}\n", `header "x"`},
		{"trailers without chunks", head + "cases:\n- {id: a, reason: r, request: {trailers: ['a: b']}, expect: {action: pass}}\n", "trailers need chunks"},
		{"two forms of a part", head + "cases:\n- {id: a, reason: r, request: {parts: [{text: a, hex: bb}]}, expect: {action: pass}}\n", "part 1: want exactly one"},
		{"huge part", head + "cases:\n- {id: a, reason: r, request: {parts: [{repeat: a, bytes: 99999999}]}, expect: {action: pass}}\n", "more than"},
		{"bad hex", head + "cases:\n- {id: a, reason: r, request: {parts: [{hex: zz}]}, expect: {action: pass}}\n", "part 1: encoding/hex"},
		{"bad chunk", head + "cases:\n- {id: a, reason: r, request: {chunks: [0]}, expect: {action: pass}}\n", "must be positive"},
		{"unknown place", head + "payloads:\n- {id: a, reason: r, text: x, in: [nowhere], action: pass}\n", `cases/a.yaml:4: a: place "nowhere"`},
		{"unknown encoding", head + "payloads:\n- {id: a, reason: r, text: x, in: ['query#rot13'], action: pass}\n", `encoding "rot13"`},
		{"miss elsewhere", head + "in: [query]\npayloads:\n- {id: a, reason: r, text: x, action: block, miss: {form: x}}\n", `place "form" is none`},
		{"twice", head + "cases:\n- &a {id: a, reason: r, request: {}, expect: {action: pass}}\n- *a\n", "g/a is at cases/a.yaml:4 already"},
	} {
		_, err := load(fstest.MapFS{"cases/a.yaml": {Data: []byte(c.text)}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestExpansion(t *testing.T) {
	text := "group: g\nabout: t\nin: [query, json, cookie]\naction: block\nfamily: xss\npayloads:\n" +
		"- {id: a, reason: r, text: '<b>', not_in: [cookie], miss: {json: later}}\n"
	cases, err := load(fstest.MapFS{"cases/a.yaml": {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) != 2 || cases[0].Name() != "g/a.query" || cases[1].Name() != "g/a.json" {
		t.Fatalf("%v", cases)
	}
	if e := cases[0].Expect; e.Location != "query.q" || e.Family != "xss" || e.Miss != "" {
		t.Errorf("query: %+v", e)
	}
	if cases[1].Expect.Miss != "later" {
		t.Error("the miss is lost")
	}
	if got := cases[0].Message("i").Request.URI; got != "/search?page=2&q=%3Cb%3E&sort=name" {
		t.Error(got)
	}
}
