package proxy

import (
	"net/http"
	"net/url"
	"testing"
)

func TestSetTarget(t *testing.T) {
	for _, c := range []struct{ upstream, target, want string }{
		{"http://u", "/a?b", "/a?b"},
		{"http://u/", "/a?", "/a?"},
		{"http://u/base/", "//a", "/base//a"},
		{"http://u", "//a/%2f", "//a/%2f"},
		{"http://u", `//a"b`, "//a%22b"}, // the documented exception
		{"http://u", "http://v", "/"},
		{"http://u", "http://v?q", "/?q"},
		{"http://u", "http://v//x?q", "//x?q"},
		{"http://u/b", "*", "*"},
		{"h2c://u", "/%zz", "/%zz"},
	} {
		upstream, err := ParseUpstream(c.upstream)
		if err != nil {
			t.Fatal(err)
		}
		var out url.URL
		setTarget(&out, upstream, &http.Request{RequestURI: c.target})
		if got := out.RequestURI(); got != c.want || out.Host != "u" || out.Scheme != "http" {
			t.Errorf("%s before %s: %q at %s://%s", c.upstream, c.target, got, out.Scheme, out.Host)
		}
	}
}

// FuzzOriginForm states: the result is part of the target and never an
// authority that the client chose.
func FuzzOriginForm(f *testing.F) {
	f.Add("http://host/path?q")
	f.Add("//x")
	f.Fuzz(func(t *testing.T, target string) {
		got := originForm(target)
		if len(got) > len(target) || target[len(target)-len(got):] != got {
			t.Errorf("%q became %q", target, got)
		}
		var out url.URL
		setTarget(&out, &url.URL{Scheme: "http", Host: "u"}, &http.Request{RequestURI: target})
		if out.Host != "u" || out.Scheme != "http" || out.User != nil {
			t.Errorf("%q goes to %v", target, out)
		}
	})
}
