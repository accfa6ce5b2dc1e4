package policy

import (
	"bytes"
	"strings"
)

// Splitting a request target, and what a server may make of its path.

// target cuts a request target into authority ("" for the usual form) and path
// with neither query nor fragment.
func target(uri string) (authority, path string) {
	authority, path = "", uri
	if len(uri) > 0 && uri[0] != '/' {
		for i := 0; i+2 < len(uri) && i < 16; i++ {
			if uri[i] == ':' && uri[i+1] == '/' && uri[i+2] == '/' {
				rest := uri[i+3:]
				end := 0
				for end < len(rest) && rest[end] != '/' && rest[end] != '?' && rest[end] != '#' {
					end++
				}
				authority, path = rest[:end], rest[end:]
				break
			}
		}
	}
	if end := strings.IndexAny(path, "?#"); end >= 0 {
		path = path[:end]
	}
	return authority, path
}

// plain appends the path as a server resolves it: percent escapes undone (of
// everything, once), backslashes as slashes, parameters (;v=1) dropped, empty
// segments and dots removed. The result begins with a slash and ends with none
// unless it is "/".
func plain(dst, path []byte) []byte {
	if ordinary(path) {
		return append(dst, path...)
	}
	base := len(dst)
	dst = append(dst, '/') // so that every segment has one before it
	for i := 0; i < len(path); i++ {
		c := path[i]
		if c == '%' && i+2 < len(path) {
			high, low := unhex(path[i+1]), unhex(path[i+2])
			if high >= 0 && low >= 0 {
				c = byte(high<<4 | low)
				i += 2
			}
		}
		if c == '\\' {
			c = '/'
		}
		dst = append(dst, c)
	}
	text := dst[base:]
	w := 0
	for i := 0; i < len(text); {
		for i < len(text) && text[i] == '/' {
			i++
		}
		start, end := i, i
		for end < len(text) && text[end] != '/' {
			end++
		}
		i = end
		stop := start
		for stop < end && text[stop] != ';' {
			stop++
		}
		n := stop - start
		if n == 0 || n == 1 && text[start] == '.' {
			continue
		}
		if n == 2 && text[start] == '.' && text[start+1] == '.' {
			for w > 0 {
				w--
				if text[w] == '/' {
					break
				}
			}
			continue
		}
		text[w] = '/'
		w++
		w += copy(text[w:], text[start:stop])
	}
	if w == 0 {
		return append(dst[:base], '/')
	}
	return dst[:base+w]
}

// ordinary says whether a path is already as plain would have it. It asks the
// standard library, because in an interpreter a loop over bytes is slow.
func ordinary(path []byte) bool {
	n := len(path)
	return n > 0 && path[0] == '/' && (n == 1 || path[n-1] != '/') &&
		!bytes.ContainsAny(path, "%;\\") && !bytes.Contains(path, doubleSlash) && !bytes.Contains(path, dotSegment)
}

var (
	doubleSlash = []byte("//")
	dotSegment  = []byte("/.")
)

func unhex(c byte) int {
	if c >= '0' && c <= '9' {
		return int(c - '0')
	}
	if c >= 'a' && c <= 'f' {
		return int(c-'a') + 10
	}
	if c >= 'A' && c <= 'F' {
		return int(c-'A') + 10
	}
	return -1
}
