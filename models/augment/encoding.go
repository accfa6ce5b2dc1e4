package augment

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
)

// inParameters are the families whose attacks are parameter values. A scanner's
// paths are not: nothing decodes or takes them apart a second time.
var inParameters = []string{"sqli", "xss", "cmdi", "traversal", "ssrf", "template", "code", "xxe", "nosqli", "ldap", "deserialization", "protocol"}

// The encodings below are layers that a target's own decoding undoes: a second
// round of percent decoding by a proxy or framework, JavaScript or JSON
// unescaping, HTML, base64 in cookies and tokens. A value that is already
// percent-encoded is left alone.
var encodings = []Mutation{
	{"encode.percent", "targets that decode a parameter once more (nested URLs, proxies)", Encoding, inParameters, percentSome},
	{"encode.percent-all", "the same, every byte", Encoding, inParameters, percentAll},
	{"encode.percent-twice", "the same, two more rounds", Encoding, inParameters, percentTwice},
	{"encode.plus", "+ is a blank to a form decoder", Encoding, []string{"sqli", "ldap", "cmdi", "code", "template"}, plusBlank},
	{"encode.unicode", "\\u escapes, undone by JSON and JavaScript parsers", Encoding, []string{"sqli", "xss", "template", "code", "nosqli", "ssrf", "traversal", "cmdi"}, unicodeEscape},
	{"encode.u-percent", "%uXXXX, undone by IIS, classic ASP and unescape()", Encoding, []string{"sqli", "xss", "traversal"}, percentU},
	{"encode.entities", "character references, undone where a value passes through HTML or XML", Encoding, []string{"xss", "sqli", "xxe", "code"}, entities},
	{"encode.base64", "base64, undone where applications keep state in cookies, tokens and parameters", Encoding, []string{"sqli", "xss", "code", "cmdi", "deserialization", "template", "traversal", "ssrf"}, base64Whole},
	{"encode.fullwidth", "full-width forms, folded by best-fit conversion and NFKC", Encoding, []string{"xss", "sqli", "traversal"}, fullWidth},
}

func percentByte(r *rand.Rand, b *strings.Builder, c byte) {
	fmt.Fprintf(b, one(r, "%%%02x", "%%%02X"), c)
}

func percentSome(r *rand.Rand, v string) string {
	if strings.Contains(v, "%") {
		return v
	}
	var b strings.Builder
	for i := range len(v) {
		if !wordByte(v[i]) || r.IntN(8) == 0 {
			percentByte(r, &b, v[i])
		} else {
			b.WriteByte(v[i])
		}
	}
	return b.String()
}

func percentAll(r *rand.Rand, v string) string {
	if strings.Contains(v, "%") {
		return v
	}
	var b strings.Builder
	for i := range len(v) {
		percentByte(r, &b, v[i])
	}
	return b.String()
}

func percentTwice(r *rand.Rand, v string) string {
	return strings.ReplaceAll(percentSome(r, v), "%", "%25")
}

func plusBlank(_ *rand.Rand, v string) string {
	if strings.ContainsAny(v, "+%") {
		return v
	}
	return strings.ReplaceAll(v, " ", "+")
}

func unicodeEscape(r *rand.Rand, v string) string {
	if strings.Contains(v, `\`) {
		return v
	}
	var b strings.Builder
	for i := range len(v) {
		if c := v[i]; c < 0x80 && (!wordByte(c) || r.IntN(4) == 0) {
			fmt.Fprintf(&b, one(r, `\u%04x`, `\u%04X`), c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func percentU(r *rand.Rand, v string) string {
	if strings.Contains(v, "%") {
		return v
	}
	var b strings.Builder
	for i := range len(v) {
		if c := v[i]; c < 0x80 && (!wordByte(c) || r.IntN(6) == 0) {
			fmt.Fprintf(&b, "%%u%04x", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func entities(r *rand.Rand, v string) string {
	if strings.Contains(v, "&") {
		return v
	}
	var b strings.Builder
	for i := range len(v) {
		if c := v[i]; c < 0x80 && (!wordByte(c) && c != ' ' || r.IntN(6) == 0) {
			fmt.Fprintf(&b, one(r, "&#%d;", "&#x%x;", "&#%05d;"), c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func base64Whole(r *rand.Rand, v string) string {
	if raw, err := base64.StdEncoding.DecodeString(v); len(v) < 6 || err == nil && len(raw) > 12 {
		return v
	}
	enc := []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding}[r.IntN(4)]
	return enc.EncodeToString([]byte(v))
}

func fullWidth(r *rand.Rand, v string) string {
	var b strings.Builder
	for i := range len(v) {
		if c := v[i]; strings.IndexByte("'\"<>=()/.;", c) >= 0 && r.IntN(2) == 0 {
			b.WriteRune(rune(c) + 0xFEE0)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
