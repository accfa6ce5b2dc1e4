package gen

import (
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"
)

func parse(t *testing.T, text string) *file {
	t.Helper()
	f, err := parseFile([]source{{"t", text}}, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func expandOnce(f *file, rule string, seed uint64) string {
	x := expander{r: rand.New(rand.NewPCG(seed, 1))}
	return x.expand(f.rules[rule])
}

// TestSyntax: one rule per construct and all it may expand to.
func TestSyntax(t *testing.T) {
	f := parse(t, "# comment\n@group g.x sqli query,path lit\n"+
		"lit\n\ta <b> {c} | d\nref\n\t<‹lit›>\npick\n\t‹x¦y¦›!\nnest\n\t‹1‹pick›¦2›\n"+
		"rept\n\t‹rep 3 3 ab›\nlst\n\t‹list 2 2 ,_ z›\nvar\n\t‹let A q›‹$A›‹$A›\nkeep\n\t‹set A q›‹$A›\n"+
		"num\n\t‹int 7 7›\nsize\n\t‹len abc›\nheavy\n\t‹w 3›a\n\tb\nenc\n\t‹b64 a‹num››\nraw\n\t‹x 00ff›\n")
	cases := []struct{ rule, want string }{
		{"lit", "a <b> {c} | d"}, {"ref", "<a <b> {c} | d>"}, {"pick", "x!|y!|!"}, {"nest", "1x!|1y!|1!|2"},
		{"rept", "ababab"}, {"lst", "z, z"}, {"var", "qq"}, {"keep", "qq"}, {"num", "7"}, {"size", "3"},
		{"heavy", "a|b"}, {"enc", "YTc="}, {"raw", "\x00\xff"},
	}
	for _, c := range cases {
		for seed := range uint64(20) {
			got := expandOnce(f, c.rule, seed)
			if got != c.want && !strings.Contains("|"+c.want+"|", "|"+got+"|") {
				t.Errorf("%s: %q, want one of %q", c.rule, got, c.want)
			}
		}
	}
	if n := len(f.rules["heavy"].alts); n != 4 {
		t.Errorf("weights give %d alternatives, want 4", n)
	}
	if g := f.groups[0]; g.name != "g.x" || g.family != "sqli" || len(g.locations) != 2 || g.start.name != "lit" {
		t.Errorf("group %+v", g)
	}
}

// TestMistakes: each error is found and names its line.
func TestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"a\n\t‹b›\n":                      "t:2: no rule or function",
		"a\n\t‹b\n":                       "t:2: unclosed",
		"a\n\tb›\n":                       "t:2: unexpected",
		"a\n":                             "no alternative",
		"a\n\tx\na\n\ty\n":                "t:3: bad or duplicate",
		"\tx\n":                           "t:1: alternative outside",
		"@group g sqli query\na\n\tx":     "t:1: want @group",
		"@group g none query a\na\n\tx\n": "t:1: family",
		"@group g sqli query z\na\n\tx\n": "t:1: no rule",
		"b64\n\tx\n":                      "t:1: bad or duplicate",
		"a\n\t‹int 1›\n":                  "t:2: ",
		"a\n\t‹w x›y\n":                   "t:2: bad weight",
	} {
		_, err := parseFile([]source{{"t", text}}, nil, false)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

// TestDepth: a recursive rule ends, whatever the dice say.
func TestDepth(t *testing.T) {
	f := parse(t, "a\n\t.\n\t(‹a›‹a›)\n\t[‹a›‹a›]\n")
	for seed := range uint64(50) {
		x := expander{r: rand.New(rand.NewPCG(seed, 2))}
		if s := x.expand(f.rules["a"]); strings.Count(s, "(")+strings.Count(s, "[")+1 != strings.Count(s, ".") {
			t.Fatalf("unbalanced %q", s)
		}
	}
}

// TestLoad: groups of both directories, errors of all files at once.
func TestLoad(t *testing.T) {
	fs := fstest.MapFS{
		"g/common.gram":   {Data: []byte("w\n\tx\n")},
		"g/attack/a.gram": {Data: []byte("@group b.b sqli query s\ns\n\t‹w›\n")},
		"g/benign/a.gram": {Data: []byte("@group a.a none query s\ns\n\t‹w›\n")},
	}
	l, err := load(fs, "g")
	if err != nil || len(l.groups) != 2 || l.groups[0].name != "a.a" || !l.groups[0].benign {
		t.Fatalf("%+v, %v", l, err)
	}
	fs["g/benign/a.two.gram"] = &fstest.MapFile{Data: []byte("@group c.c none query s\n")}
	if l, err = load(fs, "g"); err != nil || len(l.groups) != 3 {
		t.Fatalf("a topic in two files: %+v, %v", l, err)
	}
	fs["g/benign/b.gram"] = &fstest.MapFile{Data: []byte("@group b.b none query s\ns\n\t‹w›\n")}
	fs["g/attack/c.gram"] = &fstest.MapFile{Data: []byte("s\n\t‹nope›\n")}
	_, err = load(fs, "g")
	if err == nil || !strings.Contains(err.Error(), "twice") || !strings.Contains(err.Error(), "nope") {
		t.Fatalf("error %v", err)
	}
	if _, err := load(fstest.MapFS{}, "g"); err == nil {
		t.Fatal("no files, no error")
	}
}

// FuzzParse: no text makes the parser panic; what it accepts has an alternative
// for every rule and a rule for every group.
func FuzzParse(f *testing.F) {
	f.Add("@group g sqli query a\na\n\t‹int 1 2›‹b64 ‹a››\n\tx‹y¦z›\n")
	f.Add("a\n\t‹w 2›‹list 1 3 , ‹set B b››\n")
	f.Fuzz(func(t *testing.T, text string) {
		g, err := parseFile([]source{{"f", text}}, nil, false)
		if err != nil {
			return
		}
		for name, r := range g.rules {
			if len(r.alts) == 0 {
				t.Errorf("rule %q is empty", name)
			}
		}
		for _, group := range g.groups {
			if group.start == nil || len(group.locations) == 0 {
				t.Errorf("group %+v", group)
			}
		}
	})
}
