package augment

import (
	"math/rand/v2"
	"strings"
)

var pathFamilies = []string{"traversal", "scanner"}

var pathMutations = []Mutation{
	{"path.slash", "a doubled slash or /./ is one slash to POSIX and Windows file systems and to servers that normalise", Syntax, pathFamilies, pathSlash},
	{"path.deeper", "more ../ than needed stay at the root", Syntax, []string{"traversal"}, pathDeeper},
	{"path.backslash", "Windows takes both slashes; only paths to Windows files are touched", Syntax, []string{"traversal"}, pathBackslash},
	{"path.case", "Windows paths and PHP wrapper names are case-insensitive", Syntax, []string{"traversal"}, pathCase},
	{"path.query", "a static file or a script is found whatever query follows", Syntax, []string{"scanner"}, pathQuery},
	{"path.percent", "a server decodes an unreserved character in a path (RFC 3986, section 6.2.2.2)", Encoding, pathFamilies, pathPercent},
	{"path.overlong", "lenient decoders read over-long UTF-8, %u escapes and double encoding as the character", Encoding, []string{"traversal"}, pathOverlong},
}

func pathSlash(r *rand.Rand, v string) string {
	at := strings.Index(v, "://")
	head := ""
	if at >= 0 {
		head, v = v[:at+3], v[at+3:]
	}
	i := strings.Index(v[min(len(v), 1):], "/")
	if i < 0 || strings.ContainsAny(v, "?#|<>\"' ") {
		return head + v
	}
	return head + v[:min(len(v), 1)] + someOf(r, v[min(len(v), 1):], "/", func() string { return one(r, "//", "/./", "/././", "///") })
}

func pathDeeper(r *rand.Rand, v string) string {
	for _, up := range []string{"../", `..\`, "..%2f", "..%5c"} {
		if i := strings.Index(v, strings.Repeat(up, 3)); i >= 0 {
			return v[:i] + strings.Repeat(up, 1+r.IntN(6)) + v[i:]
		}
	}
	return v
}

func windowsPath(v string) bool {
	low := strings.ToLower(v)
	return strings.Contains(low, "win.ini") || strings.Contains(low, "boot.ini") || strings.Contains(low, "windows") || strings.Contains(low, "inetpub") || strings.Contains(low, "c:")
}

func pathBackslash(r *rand.Rand, v string) string {
	if !windowsPath(v) || strings.Contains(v, "://") {
		return v
	}
	if strings.Contains(v, `\`) {
		return someOf(r, v, `\`, func() string { return one(r, "/", `\\`, `\.\`) })
	}
	return someOf(r, v, "/", func() string { return `\` })
}

func pathCase(r *rand.Rand, v string) string {
	if windowsPath(v) && !strings.Contains(v, "%") {
		return flip(r, v)
	}
	if i := strings.Index(v, "://"); i > 0 && strings.Trim(strings.ToLower(v[:i]), "abcdefghilmoprstxz.") == "" {
		return flip(r, v[:i]) + v[i:]
	}
	return v
}

func pathQuery(r *rand.Rand, v string) string {
	if !strings.HasPrefix(v, "/") || strings.ContainsAny(v, "?#") {
		return v
	}
	return v + "?" + benignWord(r) + one(r, "", "="+benignWord(r), "=1&"+benignWord(r)+"=2")
}

func pathPercent(r *rand.Rand, v string) string {
	if v == "" || strings.Contains(v, "%") {
		return v
	}
	var b strings.Builder
	must := r.IntN(len(v))
	for i := range len(v) {
		if c := v[i]; (letter(c) || c == '.') && (i == must || r.IntN(4) == 0) {
			percentByte(r, &b, c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func pathOverlong(r *rand.Rand, v string) string {
	if strings.Contains(v, "%") || !strings.Contains(v, "../") {
		return v
	}
	dot := one(r, ".", "%2e", "%252e", "%c0%ae", "%u002e", "%uff0e")
	slash := one(r, "%2f", "%252f", "%c0%af", "%u2215", "%5c", "/")
	return strings.ReplaceAll(v, "../", dot+dot+slash)
}
