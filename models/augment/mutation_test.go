package augment

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/models/gen"
)

func rnd(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 5)) }

func byName(t *testing.T, name string) Mutation {
	t.Helper()
	i := slices.IndexFunc(all, func(m Mutation) bool { return m.Name == name })
	if i < 0 {
		t.Fatalf("no mutation %q", name)
	}
	return all[i]
}

// TestTable: every case of testdata/mutations.json gives one of the listed
// results, all of which keep the meaning, or stays as it is where the
// precondition does not hold.
func TestTable(t *testing.T) {
	var cases []struct {
		Mutation, In string
		Same         bool     // must come back unchanged
		Want         []string // results that must occur among 300 draws
	}
	b, err := os.ReadFile("testdata/mutations.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	covered := map[string]bool{}
	for _, c := range cases {
		m := byName(t, c.Mutation)
		covered[m.Name] = true
		seen := map[string]bool{}
		for seed := range uint64(300) {
			seen[m.Apply(rnd(seed), c.In)] = true
		}
		if c.Same && (len(seen) != 1 || !seen[c.In]) {
			t.Errorf("%s changed %q: %q", m.Name, c.In, keys(seen))
		}
		if !c.Same && len(seen) == 1 && seen[c.In] {
			t.Errorf("%s never changed %q", m.Name, c.In)
		}
		for _, w := range c.Want {
			if !seen[w] {
				t.Errorf("%s(%q) never gave %q, but %q", m.Name, c.In, w, keys(seen))
			}
		}
	}
	for _, m := range all {
		if !covered[m.Name] {
			t.Errorf("%s: no case", m.Name)
		}
	}
}

func keys(m map[string]bool) []string {
	var k []string
	for s := range m {
		k = append(k, s)
	}
	slices.Sort(k)
	return k[:min(len(k), 8)]
}

// TestRegistry: names are unique, families exist, reasons are given.
func TestRegistry(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range all {
		if seen[m.Name] || m.Why == "" || m.Apply == nil {
			t.Errorf("mutation %q", m.Name)
		}
		seen[m.Name] = true
		for _, f := range m.Families {
			if _, ok := model.ParseFamily(f); !ok {
				t.Errorf("%s: family %q", m.Name, f)
			}
		}
	}
	for f := model.None + 1; f < model.Families; f++ {
		if n := len(Mutations(f.Name())); n < 3 {
			t.Errorf("%s: %d mutations", f.Name(), n)
		}
	}
}

// TestBounds: no mutation panics or outgrows its bound on any generated value,
// attack or not, whatever its family.
func TestBounds(t *testing.T) {
	samples := append(gen.Attacks(9, 4), gen.Benign(9, 3)...)
	samples = append(samples, gen.Sample{}, gen.Sample{Value: "'"}, gen.Sample{Value: "\xff\x00\""}, gen.Sample{Value: "{"}, gen.Sample{Value: "://"})
	for _, s := range samples {
		for i, m := range all {
			out := m.Apply(rnd(uint64(i)), s.Value)
			if len(out) > 12*len(s.Value)+300 {
				t.Errorf("%s: %d bytes became %d: %q", m.Name, len(s.Value), len(out), s.Value)
			}
		}
	}
}

// TestAttack: deterministic, and most values change.
func TestAttack(t *testing.T) {
	changed, total := 0, 0
	for i, s := range gen.Attacks(2, 5) {
		a, b := Attack(rnd(uint64(i)), s.Value, s.Family), Attack(rnd(uint64(i)), s.Value, s.Family)
		if a != b {
			t.Fatalf("%s: %q and %q", s.Group, a, b)
		}
		if total++; a != s.Value {
			changed++
		}
	}
	if changed*2 < total {
		t.Errorf("%d of %d values changed", changed, total)
	}
}

// TestSQLKeepsItsTokens: with comments, case and white space folded away the
// statement is the one it was.
func TestSQLKeepsItsTokens(t *testing.T) {
	fold := func(s string) string {
		for {
			i := strings.Index(s, "/*")
			j := strings.Index(s, "*/")
			if i < 0 || j < i {
				break
			}
			s = s[:i] + " " + s[j+2:]
		}
		return strings.ToLower(strings.Join(strings.Fields(s), " "))
	}
	for _, v := range []string{"1' union select a,b from users where id=1-- ", "x') or exists(select 1 from t) and 'a'='a", "1; drop table users-- "} {
		for seed := range uint64(60) {
			r := rnd(seed)
			got := sqlSpace(r, sqlCase(r, v))
			if fold(got) != fold(v) {
				t.Errorf("%q became %q", v, got)
			}
		}
	}
}

// TestShellExpandsTheSame asks a real shell: the words of the rewritten command
// are those of the original.
func TestShellExpandsTheSame(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh")
	}
	say := func(v string) string {
		_, cmd, _ := strings.Cut(v, ";")
		out, err := exec.Command(sh, "-c", `printf '%s\n' `+strings.TrimSpace(cmd)).Output()
		if err != nil {
			t.Fatalf("%q: %v", v, err)
		}
		return path.Clean(strings.TrimSpace(strings.ReplaceAll(string(out), "/bin/", "")))
	}
	for _, v := range []string{"1;cat /etc/hosts", "a;ls -la /tmp", "x;sleep 5", "x;wget example.org -O /tmp/a"} {
		for seed := range uint64(12) {
			r := rnd(seed)
			got := shellBlank(r, shellSplice(r, v))
			if say(got) != say(v) {
				t.Errorf("%q became %q: %q", v, got, say(got))
			}
		}
	}
}

// TestPathsCleanToTheSame: path.Clean undoes what pathSlash and pathDeeper do.
func TestPathsCleanToTheSame(t *testing.T) {
	for _, v := range []string{"../../../../etc/passwd", "/var/www/../../etc/shadow", "/.git/config"} {
		for seed := range uint64(40) {
			r := rnd(seed)
			got := pathSlash(r, pathDeeper(r, v))
			if path.Clean("/a/b/c/"+got) != path.Clean("/a/b/c/"+v) {
				t.Errorf("%q became %q", v, got)
			}
		}
	}
}

// TestEncodingsAreUndone: the standard library's decoders give the value back.
func TestEncodingsAreUndone(t *testing.T) {
	undo := map[string]func(string) string{
		"encode.percent":       unescape,
		"encode.percent-all":   unescape,
		"encode.percent-twice": func(s string) string { return unescape(unescape(s)) },
		"encode.plus":          unescape,
		"path.percent":         unescape,
		"encode.entities":      html.UnescapeString,
		"encode.unicode": func(s string) string {
			var out string
			if json.Unmarshal([]byte(`"`+s+`"`), &out) != nil {
				return s
			}
			return out
		},
		"encode.base64": func(s string) string {
			s = strings.NewReplacer("-", "+", "_", "/", "=", "").Replace(s)
			b, _ := base64.RawStdEncoding.DecodeString(s)
			return string(b)
		},
		"json.escape": compact, "json.space": compact,
	}
	for name, dec := range undo {
		m := byName(t, name)
		for _, v := range []string{"' or 1=1-- ", "<b onclick=alert(1)>", `{"a":{"$ne":"x y"},"b":[1,"c\"d"]}`, "../../etc/passwd"} {
			for seed := range uint64(20) {
				out := m.Apply(rnd(seed), v)
				if got := dec(out); got != v && out != v {
					t.Errorf("%s: %q became %q, back %q", name, v, out, got)
				}
			}
		}
	}
}

func unescape(s string) string {
	out, err := url.QueryUnescape(s)
	if err != nil {
		return s
	}
	return out
}

func compact(s string) string {
	var v any
	if json.Unmarshal([]byte(s), &v) != nil {
		return s
	}
	b, _ := json.Marshal(v)
	return string(b)
}

// TestNoise: all words of the text stay in order, tokens never touch, dangerous
// ones never occur.
func TestNoise(t *testing.T) {
	tokens := []string{"union", "select", "'", "--", "1=1", "<script>", "or", "from", "sleep(5)", "#"}
	text := "please bring the blue lamp to the garden today"
	for seed := range uint64(100) {
		got := Noise(rnd(seed), text, tokens)
		if strings.ContainsAny(got, "'<>(") || strings.Contains(got, "--") {
			t.Fatalf("dangerous token in %q", got)
		}
		rest, foreign := strings.Fields(text), false
		for _, w := range strings.Fields(got) {
			if len(rest) > 0 && w == rest[0] {
				rest, foreign = rest[1:], false
				continue
			}
			if foreign {
				t.Fatalf("two tokens side by side in %q", got)
			}
			foreign = true
		}
		if len(rest) > 0 {
			t.Fatalf("words lost in %q", got)
		}
	}
	if got := Noise(rnd(1), text, []string{"'", "<x>"}); got != text {
		t.Fatalf("no usable token, yet %q", got)
	}
	if got := Noise(rnd(1), "", tokens); got != "" {
		t.Fatalf("%q from nothing", got)
	}
}

// FuzzAttack: no value of any family makes a mutation panic.
func FuzzAttack(f *testing.F) {
	f.Add("1' or 1=1-- ", "sqli", uint64(1))
	f.Add(`{"a":"\`, "nosqli", uint64(2))
	f.Add("http://[", "ssrf", uint64(3))
	f.Fuzz(func(t *testing.T, v, family string, seed uint64) {
		if len(v) > 4096 {
			return
		}
		for _, m := range all {
			if out := m.Apply(rnd(seed), v); len(out) > 12*len(v)+300 {
				t.Errorf("%s: %d bytes became %d", m.Name, len(v), len(out))
			}
		}
		Attack(rnd(seed), v, family)
	})
}
