package profile

import "bytes"

// Segment is the class of a path segment. Literal segments are part of an
// endpoint's name; all others are variables and appear in a template as
// "{number}", "{uuid}" and so on.
type Segment uint8

// The classes. The order is part of the snapshot format: append only.
const (
	// Literal is a plain word: "users", "v2", "index.html".
	Literal Segment = iota
	// Number is digits only.
	Number
	// UUID is 8-4-4-4-12 hexadecimal digits (RFC 9562).
	UUID
	// HexID is eight or more hexadecimal digits, some of them decimal.
	HexID
	// DateID is a date: 2026-11-22.
	DateID
	// Slug is a long title with hyphens or underscores.
	Slug
	// TokenID is a mixture of letters and digits.
	TokenID
	// FreeText is anything else: escapes, blanks, punctuation.
	FreeText
	// AnyWord stands for the many plain words that traffic has shown at one
	// place; no single segment has this class.
	AnyWord
	// Segments is the number of classes.
	Segments
)

const segmentList = "literal number uuid hex date slug token text name"

var segmentNames [Segments]string

func init() {
	for i, name := range bytes.Fields([]byte(segmentList)) {
		segmentNames[i] = string(name)
	}
}

// The bounds of a template.
const (
	// MaxSegments is how many segments of a path count; the rest is one text.
	MaxSegments = 12
	maxLiteral  = 32
)

// ClassOf returns the class of a path segment as it stands on the wire.
func ClassOf(s []byte) Segment {
	digits, letters, hex, joints, upper := 0, 0, 0, 0, 0
	for i := 0; i < len(s); i++ {
		b := s[i]
		low := b | 0x20
		switch {
		case b >= '0' && b <= '9':
			digits++
			hex++
		case low >= 'a' && low <= 'z':
			letters++
			if low <= 'f' {
				hex++
			}
			if b != low {
				upper++
			}
		case b == '-' || b == '_':
			joints++
		case b == '.':
		default:
			return FreeText
		}
	}
	n := len(s)
	switch {
	case digits == n && n > 0:
		return Number
	case n == 36 && hex == 32 && joints == 4 && s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-':
		return UUID
	case n >= 8 && hex == n && digits > 0:
		return HexID
	case n == 10 && digits == 8 && joints == 2 && s[4] == '-' && s[7] == '-':
		return DateID
	case joints >= 3 && letters > digits:
		return Slug
	case digits > 3 && digits+letters > 7 || digits > 0 && upper > 1 && n > 7:
		return TokenID
	case n > maxLiteral:
		return Slug
	}
	return Literal
}

// Path cuts the path out of a request target: no scheme, authority, query or
// fragment.
func Path(target []byte) []byte {
	if len(target) > 0 && target[0] != '/' {
		if i := bytes.Index(target, []byte("://")); i >= 0 {
			target = target[i+3:]
			if i = bytes.IndexByte(target, '/'); i < 0 {
				return nil
			}
			target = target[i:]
		}
	}
	for i := 0; i < len(target); i++ {
		if target[i] == '?' || target[i] == '#' {
			return target[:i]
		}
	}
	return target
}

// next cuts the first segment off a path; empty segments are passed over.
func next(path []byte) (segment, rest []byte) {
	for len(path) > 0 && path[0] == '/' {
		path = path[1:]
	}
	for i := 0; i < len(path); i++ {
		if path[i] == '/' {
			return path[:i], path[i:]
		}
	}
	return path, nil
}

// AppendTemplate appends the path with every variable segment replaced by its
// class: "/users/42" becomes "/users/{number}". What people typed does not
// survive, so this is what may leave a wrapper.
func AppendTemplate(dst, path []byte) []byte {
	seg, rest := next(path)
	if len(seg) == 0 {
		return append(dst, '/')
	}
	for n := 0; len(seg) > 0; n++ {
		dst = append(dst, '/')
		class := ClassOf(seg)
		if n == MaxSegments-1 && len(rest) > 1 {
			class = FreeText
			rest = nil
		}
		if class == Literal {
			dst = append(dst, seg...)
		} else {
			dst = append(dst, '{')
			dst = append(dst, segmentNames[class]...)
			dst = append(dst, '}')
		}
		seg, rest = next(rest)
	}
	return dst
}

// classOfTemplate returns the class of a template's segment: braces mark
// variables, which no literal segment has.
func classOfTemplate(seg []byte) Segment {
	if len(seg) < 2 || seg[0] != '{' {
		return Literal
	}
	for i := 1; i < int(Segments); i++ {
		if string(seg[1:len(seg)-1]) == segmentNames[i] {
			return Segment(i)
		}
	}
	return FreeText
}

// step returns the hash of a template one segment longer.
func step(node uint64, class Segment, seg []byte) uint64 {
	if class == Literal {
		return Mix(node, Hash(seg))
	}
	return Mix(node, uint64(class))
}

// Root returns the hash under which an asset's own parameters stand (headers
// and cookies, which do not depend on the endpoint) and where its endpoints
// begin.
func Root(asset string) uint64 { return Mix(prime2, Hash([]byte(asset))) }

// Endpoint returns the hash of a method and a template below a root.
func Endpoint(root uint64, method, template []byte) uint64 {
	node := Mix(root, Hash(method))
	seg, rest := next(template)
	for len(seg) > 0 {
		node = step(node, classOfTemplate(seg), seg)
		seg, rest = next(rest)
	}
	return node
}

// Param returns the key of a parameter at an endpoint (or root).
func Param(node uint64, location []byte) uint64 { return Mix(node, Hash(location)) }
