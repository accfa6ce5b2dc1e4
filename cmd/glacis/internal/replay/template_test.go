package replay

import (
	"strings"
	"testing"
)

func TestTemplate(t *testing.T) {
	for uri, want := range map[string]string{
		"/":                     "/",
		"":                      "",
		"/users/42/posts?id=42": "/users/{id}/posts",
		"/v1/items":             "/v1/items",
		"/u/123e4567-e89b-12d3-a456-426614174000":    "/u/{id}",
		"/static/app.3f2a9c0d11e24b5a.js":            "/static/app.3f2a9c0d11e24b5a.js",
		"/static/3f2a9c0d11e24b5a.js":                "/static/{id}.js",
		"/img/12345.png":                             "/img/{id}.png",
		"/deadbeef":                                  "/deadbeef",
		"/dQw4w9WgXcQ1dQw4w9WgXcQ1":                  "/{id}",
		"/2026/02/01/a-title-with-words":             "/{id}/{id}/{id}/a-title-with-words",
		"/jquery-3.7.1.min.js":                       "/jquery-3.7.1.min.js",
		"http://shop.test/a/1":                       "/a/{id}",
		"http://shop.test":                           "/",
		"/redirect/http://x/9":                       "/redirect/http://x/{id}",
		"/1%27%20or%201=1":                           "/1%27%20or%201=1",
		"/a-very-long-title-of-twenty-words-or-more": "/a-very-long-title-of-twenty-words-or-more",
	} {
		if got := Template(uri); got != want {
			t.Errorf("%s: %s, want %s", uri, got, want)
		}
	}
}

// FuzzTemplate checks that a template is its own template, is no longer than
// its segments allow and keeps their number.
func FuzzTemplate(f *testing.F) {
	f.Add("/a/1/b.2.js?x")
	f.Fuzz(func(t *testing.T, uri string) {
		got := Template(uri)
		if again := Template(got); strings.HasPrefix(got, "/") && again != got && !strings.Contains(got, "?") {
			t.Fatalf("%q becomes %q and then %q", uri, got, again)
		}
		if len(got) > len(uri)+3*(strings.Count(uri, "/")+1)+1 {
			t.Fatalf("%q becomes %q", uri, got)
		}
	})
}
