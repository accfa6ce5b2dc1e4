package policy

import (
	"bytes"
	"strings"
	"testing"
)

// FuzzPlain checks that a resolved path is one: it begins with a slash, has no
// dots or empty segments left, and no shorter prefix than its own matches.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{"/a/../b", "//", "/%2e%2e/;x", `\a\..\b`, "/a/%2", "a;b/..;/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := plain(nil, []byte(s))
		if len(got) == 0 || got[0] != '/' || len(got) > len(s)+1 {
			t.Fatalf("%q: %q", s, got)
		}
		if len(got) == 1 {
			return
		}
		for _, segment := range strings.Split(string(got[1:]), "/") {
			if segment == "" || segment == "." || segment == ".." {
				t.Fatalf("%q: %q", s, got)
			}
		}
		if bytes.IndexByte(got, '\\') >= 0 {
			t.Fatalf("%q: %q", s, got)
		}
	})
}
