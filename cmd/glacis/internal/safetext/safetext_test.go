package safetext

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestUTF8(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "plain é": "plain é", "\xff\x00a": `\xff` + "\x00a", "\xed\xa0\x80": `\xed\xa0\x80`, "\ufffd": "\ufffd",
	} {
		if got := UTF8(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestTerminal(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "plain é 中": "plain é 中", "\x1b[2Ja\r\n\t\x7f": `\x1b[2Ja\r\n\t\x7f`, "\xff": `\xff`,
		"a\u202eb": `a\xe2\x80\xaeb`, "\u0085": `\xc2\x85`, "\u200b": `\xe2\x80\x8b`,
	} {
		if got := Terminal(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestClip(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{{"", 3, ""}, {"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"äöü", 3, "äöü"}, {"äöüß", 3, "äö…"}} {
		if got := Clip(c.in, c.n); got != c.want {
			t.Errorf("%q to %d: %q, want %q", c.in, c.n, got, c.want)
		}
	}
}

// FuzzTerminal checks that nothing unprintable comes out, at most four bytes
// for one, and that printable text is untouched.
func FuzzTerminal(f *testing.F) {
	f.Add("a\x1b[0m\xffé\u202e")
	f.Fuzz(func(t *testing.T, s string) {
		out := Terminal(s)
		if len(out) > 4*len(s) {
			t.Fatalf("%d bytes from %d", len(out), len(s))
		}
		for _, r := range out {
			if !unicode.IsPrint(r) {
				t.Fatalf("%q holds %U", out, r)
			}
		}
		if Terminal(out) != out {
			t.Fatalf("%q changes again", out)
		}
		if u := UTF8(s); !utf8.ValidString(u) || len(u) > 4*len(s) || utf8.ValidString(s) && u != s {
			t.Fatalf("UTF8(%q) = %q", s, u)
		}
		if c := Clip(s, 5); utf8.RuneCountInString(c) > 5 {
			t.Fatalf("Clip(%q) = %q", s, c)
		}
	})
}
