package policy

import "testing"

func TestPlain(t *testing.T) {
	cases := [][2]string{
		{"", "/"}, {"/", "/"}, {"//", "/"}, {"/a", "/a"}, {"/a/", "/a"}, {"a", "/a"}, {"/a//b", "/a/b"},
		{"/a/./b", "/a/b"}, {"/a/../b", "/b"}, {"/a/b/..", "/a"}, {"/../..", "/"}, {"/../a", "/a"},
		{"/%61/%2e%2e/b", "/b"}, {"/a%2fb", "/a/b"}, {`/a\b\..`, "/a"}, {"/a;v=1/b;w", "/a/b"},
		{"/a/..;x/b", "/b"}, {"/a%3bx", "/a"}, {"/%zz/%4", "/%zz/%4"}, {"/%252e%252e/a", "/%2e%2e/a"},
		{"/;a/b", "/b"}, {"/...", "/..."}, {"/a/b/c/../../d", "/a/d"},
	}
	for i := 0; i < len(cases); i++ {
		if got := string(plain([]byte("x"), []byte(cases[i][0]))); got != "x"+cases[i][1] {
			t.Errorf("%q: %q, want %q", cases[i][0], got[1:], cases[i][1])
		}
	}
}

func TestTarget(t *testing.T) {
	cases := [][3]string{
		{"/a?b#c", "", "/a"}, {"http://h:1/a?b", "h:1", "/a"}, {"https://h?x", "h", ""}, {"*", "", "*"},
		{"h:443", "", "h:443"}, {"", "", ""}, {"/http://x/y", "", "/http://x/y"},
	}
	for i := 0; i < len(cases); i++ {
		authority, path := target(cases[i][0])
		if authority != cases[i][1] || path != cases[i][2] {
			t.Errorf("%q: %q %q", cases[i][0], authority, path)
		}
	}
}
