package augment

import (
	"math/rand/v2"
	"strings"
)

var lineOnly = []string{"protocol"}

var lineMutations = []Mutation{
	{"line.end", "servers and mail agents take a bare line feed for CR LF (RFC 9112, section 2.2)", Syntax, lineOnly, lineEnd},
	{"line.name", "field names are case-insensitive (RFC 9110, section 5.1)", Syntax, lineOnly, lineName},
	{"line.extra", "another header field before the injected one does no harm", Padding, lineOnly, lineExtra},
	{"line.space", "blanks after a field's colon are dropped (RFC 9110, section 5.5)", Syntax, lineOnly, lineSpace},
	{"line.escape", "CR and LF as percent escapes, undone by the target's own decoding", Encoding, lineOnly, lineEscape},
}

func lineEnd(r *rand.Rand, v string) string {
	if strings.Contains(v, "\r\n\r\n") || strings.Contains(v, "HTTP/1") {
		return v // the framing of a smuggled request counts bytes
	}
	return strings.ReplaceAll(v, "\r\n", one(r, "\n", "\r\n"))
}

// afterBreak finds the first field name that follows a line break, raw or as an
// escape, and returns its place.
func afterBreak(v string) (from, to int, ok bool) {
	low := strings.ToLower(v)
	for _, brk := range []string{"\n", "%0a", "\r", "%0d"} {
		i := strings.LastIndex(low, brk)
		if i < 0 {
			continue
		}
		from = i + len(brk)
		for to = from; to < len(v) && (wordByte(v[to]) || v[to] == '-'); to++ {
		}
		if to > from+1 && to < len(v) && v[to] == ':' {
			return from, to, true
		}
	}
	return 0, 0, false
}

func lineName(r *rand.Rand, v string) string {
	from, to, ok := afterBreak(v)
	if !ok {
		return v
	}
	return v[:from] + flip(r, v[from:to]) + v[to:]
}

func lineSpace(r *rand.Rand, v string) string {
	_, to, ok := afterBreak(v)
	if !ok {
		return v
	}
	return v[:to+1] + one(r, "", " ", "  ", "\t") + strings.TrimLeft(v[to+1:], " \t")
}

func lineExtra(r *rand.Rand, v string) string {
	from, _, ok := afterBreak(v)
	if !ok || strings.Contains(v, "HTTP/1") {
		return v
	}
	brk := "\r\n"
	if from < 2 || v[from-2:from] != brk {
		brk = "\n"
	}
	if last(v[:from]) != '\n' {
		brk = "%0d%0a"
	}
	return v[:from] + "X-" + benignWord(r) + ": " + benignWord(r) + brk + v[from:]
}

func lineEscape(r *rand.Rand, v string) string {
	if strings.Contains(v, "%") {
		return v
	}
	return strings.NewReplacer("\r", one(r, "%0d", "%0D"), "\n", one(r, "%0a", "%0A")).Replace(v)
}
