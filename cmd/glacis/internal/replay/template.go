package replay

import "strings"

// Template is the path of a request target with what looks like an identifier
// replaced by {id}: numbers, UUIDs, hexadecimal strings from 16 digits, and
// long mixes of letters and digits. "GET /users/42" and "GET /users/7" are one
// endpoint.
func Template(uri string) string {
	path, _, _ := strings.Cut(uri, "?")
	if i := strings.Index(path, "://"); i > 0 && !strings.HasPrefix(path, "/") {
		// The absolute form: the authority is no part of the path.
		_, rest, ok := strings.Cut(path[i+len("://"):], "/")
		path = "/" + rest
		if !ok {
			path = "/"
		}
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		segments[i] = template(segment)
	}
	return strings.Join(segments, "/")
}

// template keeps the extension of a segment: "3f2a….js" is "{id}.js".
func template(segment string) string {
	stem, ext := segment, ""
	if i := strings.LastIndexByte(segment, '.'); i > 0 && len(segment)-i <= 6 {
		stem, ext = segment[:i], segment[i:]
	}
	if isID(segment) {
		return "{id}"
	}
	if isID(stem) && !isID(ext[min(1, len(ext)):]) {
		return "{id}" + ext
	}
	return segment
}

func isID(s string) bool {
	digits, hex, letters, others := 0, 0, 0, 0
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		switch {
		case '0' <= s[i] && s[i] <= '9':
			digits++
		case 'a' <= c && c <= 'f':
			hex++
		case 'g' <= c && c <= 'z':
			letters++
		case s[i] == '-' || s[i] == '_':
		default:
			others++
		}
	}
	n := digits + hex + letters
	switch {
	case others > 0 || digits == 0:
		return false
	case n == digits:
		return true
	case letters == 0 && n >= 16:
		return true
	}
	return n >= 20 && digits*5 >= n
}
