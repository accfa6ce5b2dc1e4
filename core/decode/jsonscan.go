package decode

import "bytes"

var (
	starSlash = []byte("*/")
	jsonBOM   = []byte("\xef\xbb\xbf")
	jsonXSSI  = []byte(")]}'")
)

// jsonGuard is the length of what may precede a document: a byte order mark,
// blanks, the `)]}',` prefix that some servers put before JSON.
func jsonGuard(b []byte) int {
	i := 0
	if bytes.HasPrefix(b, jsonBOM) {
		i = len(jsonBOM)
	}
	if bytes.HasPrefix(b[i:], jsonXSSI) {
		i += len(jsonXSSI)
	}
	return i
}

// stringEnd looks for the closing quote at or after from; -1 when the window
// has none. skip tells that the window ends between a backslash and its byte.
// The next backslash is remembered between strings, so the window is searched
// for backslashes once.
func (c *JSON) stringEnd(from int) (end int, escaped, skip bool) {
	b, i, q := c.win, from, -1
	escaped = c.escaped
	if c.skip {
		i++
	}
	if i > len(b) {
		return -1, escaped, true
	}
	for {
		if q < i {
			q = indexFrom(b, i, c.quote)
		}
		if c.slash < i {
			c.slash = indexFrom(b, i, '\\')
		}
		if c.slash >= q {
			if q == len(b) {
				return -1, escaped, false
			}
			return q, escaped, false
		}
		escaped = true
		i = c.slash + 2
		if i > len(b) {
			return -1, escaped, true
		}
	}
}

// bareEnd looks for the end of an unquoted token; -1 when the window has none.
func (c *JSON) bareEnd(from int) int {
	stop := uint8(stopsValue)
	if c.depth == 0 {
		stop = stopsTop
	} else if c.depth > MaxDepth || c.kind != KindValue {
		stop = stopsKey
	}
	b := c.win
	for i := from; i < len(b); i++ {
		if scanClass[b[i]]&stop != 0 {
			return i
		}
	}
	return -1
}

// isLiteral reports whether a word outside of any container is a JSON value (or
// one of the words that lenient parsers take for one).
func isLiteral(w []byte) bool {
	if len(w) == 0 {
		return false
	}
	switch w[0] {
	case 't', 'f', 'n', 'u', 'N', 'I':
		switch string(w) {
		case "true", "false", "null", "undefined", "NaN", "Infinity":
			return true
		}
		return false
	}
	digits := 0
	for i := 0; i < len(w); i++ {
		switch {
		case w[i] >= '0' && w[i] <= '9':
			digits++
		case w[i] == '.' || w[i] == 'e' || w[i] == 'E':
		case (w[i] == '+' || w[i] == '-') && (i == 0 || w[i-1]|0x20 == 'e'):
		default:
			return false
		}
	}
	return digits > 0
}

// LooksJSON reports whether b starts like a JSON document: an object or array
// whose first token is plausible, or a string with an escaped one inside. Text
// that merely starts with a bracket ([b]bold[/b], {{7*7}}, {%if%}, [aa]) is not.
// It reads no more than the first token.
func LooksJSON(b []byte) bool {
	i := jsonGuard(b)
	if i > 0 && i < len(b) && b[i] == ',' {
		i++
	}
	i = skipBlank(b, i)
	if i < len(b) && b[i] == '"' {
		i = skipBlank(b, i+1)
		return i < len(b) && (b[i] == '{' || b[i] == '[') && plausible(b, i, true)
	}
	return i < len(b) && (b[i] == '{' || b[i] == '[') && plausible(b, i, false)
}

// plausible judges the token behind the opening bracket(s) at i. quoted tells
// that the document stands in a string: its quotes carry a backslash.
func plausible(b []byte, i int, quoted bool) bool {
	// Arrays of arrays are common ([[1,2],[3,4]]), a handful of levels decide.
	for n := 0; n < 8 && i < len(b) && b[i] == '['; n++ {
		i = skipBlank(b, i+1)
	}
	if i >= len(b) {
		return false
	}
	if b[i] == ']' {
		return skipBlank(b, i+1) == len(b) || quoted || b[i+1] == ',' || b[i+1] == ']'
	}
	if b[i] == '{' {
		i = skipBlank(b, i+1)
		if i >= len(b) {
			return false
		}
		if b[i] == '}' {
			return true
		}
		if b[i] == '\\' && quoted && i+1 < len(b) {
			i++
		}
		return b[i] == '/' || quoteThen(b, i, quoted, ":")
	}
	if b[i] == '\\' && quoted && i+1 < len(b) {
		i++
	}
	if b[i] == '"' || b[i] == '\'' {
		return quoteThen(b, i, quoted, ",]")
	}
	return literalThen(b, i)
}

// quoteThen reports whether the string or word at i is followed by one of the
// bytes of set, or fills the rest of b (a truncated document). In a quoted
// document a backslash stands before the closing quote too.
func quoteThen(b []byte, i int, quoted bool, set string) bool {
	q := b[i]
	if q == '"' || q == '\'' {
		i++
		for i < len(b) && b[i] != q {
			if b[i] == '\\' && i+1 < len(b) && !(quoted && b[i+1] == q) {
				i++
			}
			i++
		}
		if i >= len(b) {
			return q == '"'
		}
		i++
	} else {
		start := i
		for i < len(b) && (scanClass[b[i]]&isWordByte != 0 || b[i] == '-' || b[i] == '.' || b[i] == '+' || b[i] == '$') {
			i++
		}
		if i == start {
			return false
		}
	}
	i = skipBlank(b, i)
	return i < len(b) && bytes.IndexByte([]byte(set), b[i]) >= 0
}

// literalThen reports whether a number, true, false, null or a lenient relative
// stands at i and is followed by the end of an array's element.
func literalThen(b []byte, i int) bool {
	end := i
	for end < len(b) && (scanClass[b[end]]&isWordByte != 0 || b[end] == '-' || b[end] == '+' || b[end] == '.') {
		end++
	}
	if !isLiteral(b[i:end]) {
		return false
	}
	end = skipBlank(b, end)
	return end < len(b) && (b[end] == ',' || b[end] == ']')
}
