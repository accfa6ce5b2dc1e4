package decode

import "bytes"

// URIForm is the form of a request target (RFC 9112, section 3.2).
type URIForm uint8

// The forms of a request target.
const (
	// OriginForm is /path?query, also when the leading slash is missing.
	OriginForm URIForm = iota
	// AbsoluteForm is scheme://authority/path, as sent to a proxy.
	AbsoluteForm
	// AuthorityForm is host:port, as sent with CONNECT.
	AuthorityForm
	// AsteriskForm is *, as sent with OPTIONS.
	AsteriskForm
	// NetworkForm is //host/path: a path to most servers, a host to some.
	NetworkForm
	// OpaqueForm is scheme:rest without slashes, as in javascript:…
	OpaqueForm
)

// URIParts are slices of a request target, still escaped. Together with the
// separators they hold every byte of it (URIParts.Join). In NetworkForm the
// Authority is a view into the Path, which stays whole, because both readings
// are in use.
type URIParts struct {
	Form                                     URIForm
	Scheme, Authority, Path, Query, Fragment []byte
	HasQuery, HasFragment                    bool
}

// SplitURI takes a request target or URL apart (RFC 3986, section 3, read the
// tolerant way of servers: a backslash counts as a slash before the path,
// blanks and controls are kept, nothing is decoded). It never fails; what has
// no form is a path. One pass, no allocation, any goroutine.
func SplitURI(raw []byte) URIParts {
	var u URIParts
	rest := raw
	if i := uriIndex(rest, '#'); i >= 0 {
		u.Fragment = rest[i+1:]
		u.HasFragment = true
		rest = rest[:i]
	}
	if i := uriIndex(rest, '?'); i >= 0 {
		u.Query = rest[i+1:]
		u.HasQuery = true
		rest = rest[:i]
	}
	if len(rest) == 1 && rest[0] == '*' {
		u.Form = AsteriskForm
		u.Path = rest
		return u
	}
	if len(rest) > 2 && uriSlash(rest[0]) && uriSlash(rest[1]) && !uriSlash(rest[2]) {
		u.Form = NetworkForm
		u.Path = rest
		u.Authority = rest[2:uriPath(rest, 2)]
		return u
	}
	i := uriScheme(rest)
	if i == 0 {
		u.Path = rest
		return u
	}
	if digits := asciiSpan(rest, i+1, asciiDigit); digits == len(rest) && digits > i+1 && !u.HasQuery {
		u.Form = AuthorityForm
		u.Authority = rest
		return u
	}
	if i+2 < len(rest) && uriSlash(rest[i+1]) && uriSlash(rest[i+2]) {
		u.Form = AbsoluteForm
		u.Scheme = rest[:i]
		p := uriPath(rest, i+3)
		u.Authority = rest[i+3 : p]
		u.Path = rest[p:]
		return u
	}
	// /C:/… has no scheme, c:\… is a drive, javascript:… is opaque.
	if i > 1 {
		u.Form = OpaqueForm
		u.Scheme = rest[:i]
		u.Path = rest[i+1:]
		return u
	}
	u.Path = rest
	return u
}

func uriSlash(c byte) bool { return c == '/' || c == '\\' }

func uriIndex(b []byte, c byte) int { return bytes.IndexByte(b, c) }

// uriPath returns where the path starts behind an authority at i.
func uriPath(b []byte, i int) int {
	for i < len(b) && !uriSlash(b[i]) {
		i++
	}
	return i
}

// uriScheme returns the index of the colon behind a scheme (or host name), 0
// when there is none.
func uriScheme(b []byte) int {
	for i := 0; i < len(b); i++ {
		c := b[i]
		if c == ':' {
			return i
		}
		if asciiClass[c]&(asciiAlpha|asciiDigit) == 0 && c != '+' && c != '-' && c != '.' && c != '_' {
			return 0
		}
	}
	return 0
}
