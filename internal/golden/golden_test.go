package golden

import (
	"os"
	"path/filepath"
	"testing"
)

func TestDifference(t *testing.T) {
	for _, c := range []struct {
		got, want string
		n         int
		a, b      string
	}{
		{"", "", 0, "", ""},
		{"a\nb\n", "a\nb\n", 0, "", ""},
		{"a\nb\n", "a\nc\n", 2, "b", "c"},
		{"a\n", "a\nb\n", 2, "(end)", "b"},
		{"a\nb\n", "a\n", 2, "b", "(end)"},
		{"a\n", "a", 1, "a", "a (no line feed)"},
		{"", "a\n", 1, "(end)", "a"},
	} {
		if n, a, b := difference(c.got, c.want); n != c.n || a != c.a || b != c.b {
			t.Errorf("%q %q: %d %q %q", c.got, c.want, n, a, b)
		}
	}
}

// recorder notes that a test would have failed.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }

func TestEqual(t *testing.T) {
	file := filepath.Join(t.TempDir(), "text.golden")
	set := func(on bool) { *update = on }
	defer set(*update)
	set(true)
	Equal(t, file, "one\n")
	if text, err := os.ReadFile(file); err != nil || string(text) != "one\n" {
		t.Fatalf("written: %q %v", text, err)
	}
	set(false)
	for text, want := range map[string]bool{"one\n": false, "two\n": true} {
		r := &recorder{TB: t}
		if Equal(r, file, text); r.failed != want {
			t.Errorf("%q: failed %v", text, r.failed)
		}
	}
}
