package profile

import "testing"

// TestTemplates checks what paths become.
func TestTemplates(t *testing.T) {
	for path, want := range map[string]string{
		"/": "/", "": "/", "/users/42": "/users/{number}", "/a//b/": "/a/b",
		"/o/550e8400-e29b-41d4-a716-446655440000/items": "/o/{uuid}/items",
		"/c/9f86d081884c7d65":                           "/c/{hex}", "/log/2026-11-22": "/log/{date}", "/api/v2/me": "/api/v2/me",
		"/blog/how-to-build-a-lamp": "/blog/{slug}", "/t/a1b2X3z4E5": "/t/{token}", "/f/a%20b": "/f/{text}", "/x/{number}": "/x/{text}",
		"/a/b/c/d/e/f/g/h/i/j/k/l/m": "/a/b/c/d/e/f/g/h/i/j/k/{text}", "/index.jsp": "/index.jsp",
	} {
		if got := string(AppendTemplate(nil, []byte(path))); got != want {
			t.Errorf("%s becomes %s, not %s", path, got, want)
		}
	}
}

// TestPath checks what of a request target is the path.
func TestPath(t *testing.T) {
	for target, want := range map[string]string{"/a?b": "/a", "/a#b": "/a", "http://h/a?b": "/a", "http://h": "", "*": "*", "/a?http://x/": "/a"} {
		if got := string(Path([]byte(target))); got != want {
			t.Errorf("%s has the path %s, not %s", target, got, want)
		}
	}
}
