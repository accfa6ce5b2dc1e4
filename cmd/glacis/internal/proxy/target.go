package proxy

import (
	"net/http"
	"net/url"
	"strings"
)

// setTarget makes out the address of the client's request at the upstream,
// keeping path and query byte for byte. url.URL would normalise what it
// considers wrongly escaped; its Opaque field is what it leaves alone.
func setTarget(out *url.URL, upstream *url.URL, in *http.Request) {
	*out = url.URL{Scheme: upstream.Scheme, Host: upstream.Host}
	if out.Scheme == "h2c" {
		out.Scheme = "http"
	}
	raw := originForm(in.RequestURI)
	if raw == "*" { // OPTIONS *
		out.Opaque = raw
		return
	}
	path, query, hasQuery := strings.Cut(raw, "?")
	path = strings.TrimSuffix(upstream.EscapedPath(), "/") + path
	if path == "" {
		path = "/"
	}
	out.RawQuery, out.ForceQuery = query, hasQuery && query == ""
	if !strings.HasPrefix(path, "//") {
		out.Opaque = path
		return
	}
	// Opaque with two slashes would become an authority on the wire.
	out.Path, out.RawPath = path, path
	if unescaped, err := url.PathUnescape(path); err == nil {
		out.Path = unescaped
	}
}

// originForm cuts scheme and authority off a request target in absolute form
// (RFC 9112, section 3.2.2).
func originForm(target string) string {
	if strings.HasPrefix(target, "/") || target == "*" {
		return target
	}
	_, rest, ok := strings.Cut(target, "://")
	if !ok {
		return target
	}
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		return rest[i:]
	}
	return ""
}
