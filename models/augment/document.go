package augment

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

var (
	xmlOnly  = []string{"xxe"}
	jsonLike = []string{"nosqli", "deserialization", "code", "sqli", "ssrf", "xss", "template"}
)

var documentMutations = []Mutation{
	{"xml.space", "any white space separates the parts of a declaration (XML 1.0, section 2.3)", Syntax, xmlOnly, xmlSpace},
	{"xml.quotes", "a system identifier may be in either kind of quotes (XML 1.0, section 2.3)", Syntax, xmlOnly, xmlQuotes},
	{"xml.comment", "comments are allowed before the document type declaration (XML 1.0, section 2.8)", Syntax, xmlOnly, xmlComment},
	{"xml.entity", "further declarations in the internal subset do no harm", Syntax, xmlOnly, xmlEntity},
	{"json.escape", "\\uXXXX stands for the character (RFC 8259, section 7); only whole JSON documents", Syntax, jsonLike, jsonEscape},
	{"json.space", "white space around JSON tokens is ignored; only whole JSON documents", Syntax, jsonLike, jsonSpace},
	{"json.extra", "unknown members are ignored by the code that reads the others; only JSON objects", Padding, jsonLike, jsonExtra},
	{"base64.alphabet", "decoders of the URL alphabet and of missing padding are common (RFC 4648, section 5); only values that are base64", Encoding, []string{"deserialization"}, base64Alphabet},
	{"pair.brackets", "brackets in a parameter's name may be percent-encoded", Encoding, []string{"nosqli", "code"}, pairBrackets},
	{"ldap.case", "LDAP attribute names are case-insensitive (RFC 4512, section 2.5)", Syntax, []string{"ldap"}, ldapCase},
	{"xpath.space", "XPath allows white space between tokens", Syntax, []string{"ldap"}, xpathSpace},
	{"php.wrap", "an object is revived inside an array as well (PHP unserialize)", Wrapper, []string{"deserialization"}, phpWrap},
}

func doctype(v string) int { return strings.Index(v, "<!DOCTYPE ") }

func xmlSpace(r *rand.Rand, v string) string {
	if doctype(v) < 0 {
		return v
	}
	for _, w := range []string{"<!DOCTYPE ", "<!ENTITY ", " SYSTEM ", " PUBLIC ", "% "} {
		gap := one(r, "\n", "\t", "  ", "\r\n", "\n\t")
		v = strings.ReplaceAll(v, w, w[:len(w)-1]+gap)
	}
	return v
}

func xmlQuotes(_ *rand.Rand, v string) string {
	i := strings.Index(v, `SYSTEM "`)
	if i < 0 {
		return v
	}
	start := i + len(`SYSTEM "`)
	n := strings.IndexByte(v[start:], '"')
	if n < 0 || strings.Contains(v[start:start+n], "'") || strings.Count(v[:i], "'")%2 == 1 {
		return v
	}
	return v[:start-1] + "'" + v[start:start+n] + "'" + v[start+n+1:]
}

func xmlComment(r *rand.Rand, v string) string {
	i := doctype(v)
	if i < 0 || strings.Contains(v[:i], "<![CDATA[") {
		return v
	}
	return v[:i] + "<!-- " + benignText(r) + " -->" + v[i:]
}

func xmlEntity(r *rand.Rand, v string) string {
	i := doctype(v)
	if i < 0 {
		return v
	}
	j := strings.IndexByte(v[i:], '[')
	if j < 0 || strings.ContainsAny(v[i:i+j], "\"'>") {
		return v
	}
	return v[:i+j+1] + fmt.Sprintf("<!ENTITY %s%d %q>", benignWord(r), r.IntN(1000), benignText(r)) + v[i+j+1:]
}

func document(v string) bool {
	return (first(v) == '{' || first(v) == '[') && json.Valid([]byte(v))
}

// jsonEscape escapes letters and the characters $ @ . _ inside strings.
func jsonEscape(r *rand.Rand, v string) string {
	if !document(v) {
		return v
	}
	var b strings.Builder
	in := false
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case in && c == '\\':
			b.WriteString(v[i : i+2])
			i++
		case c == '"':
			in = !in
			b.WriteByte(c)
		case in && (letter(c) || strings.IndexByte("$@._'<>()", c) >= 0) && r.IntN(3) == 0:
			fmt.Fprintf(&b, one(r, `\u%04x`, `\u%04X`), c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func jsonSpace(r *rand.Rand, v string) string {
	if !document(v) {
		return v
	}
	var b strings.Builder
	in := false
	for i := 0; i < len(v); i++ {
		c := v[i]
		b.WriteByte(c)
		switch {
		case in && c == '\\':
			i++
			b.WriteByte(v[i])
		case c == '"':
			in = !in
		case !in && strings.IndexByte("{}[]:,", c) >= 0 && i+1 < len(v):
			b.WriteString(one(r, "", " ", "\n", "\n  ", "\t", "\r\n"))
		}
	}
	return b.String()
}

func jsonExtra(r *rand.Rand, v string) string {
	if !document(v) || first(v) != '{' || len(v) < 3 || v[1] == '"' && strings.HasPrefix(v[2:], "@type") {
		return v
	}
	member := fmt.Sprintf("%q:%q", benignWord(r)+"_"+benignWord(r), benignText(r))
	if r.IntN(2) == 0 {
		return "{" + member + "," + v[1:]
	}
	return v[:len(v)-1] + "," + member + "}"
}

func base64Alphabet(r *rand.Rand, v string) string {
	raw, err := base64.StdEncoding.DecodeString(v)
	if err != nil || len(raw) < 12 {
		return v
	}
	switch r.IntN(3) {
	case 0:
		return base64.RawStdEncoding.EncodeToString(raw)
	case 1:
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	var b strings.Builder // MIME lines (RFC 2045, section 6.8)
	for i := 0; i < len(v); i += 76 {
		b.WriteString(v[i:min(i+76, len(v))])
		if i+76 < len(v) {
			b.WriteString("\r\n")
		}
	}
	return b.String()
}

func pairBrackets(r *rand.Rand, v string) string {
	name, _, _ := strings.Cut(v, "=")
	if !strings.Contains(name, "[") || strings.ContainsAny(name, "{\"' (") {
		return v
	}
	tail := v[len(name):]
	return strings.NewReplacer("[", one(r, "%5B", "%5b"), "]", one(r, "%5D", "%5d"), "$", one(r, "$", "%24")).Replace(name) + tail
}

func ldapCase(r *rand.Rand, v string) string {
	return words(v, func(before, w, after string) string {
		if last(before) == '(' && first(after) == '=' {
			return flip(r, w)
		}
		return w
	})
}

func xpathSpace(r *rand.Rand, v string) string {
	if strings.Contains(v, ")(") {
		return v // an LDAP filter, in which blanks count
	}
	for _, w := range []string{" or ", " and "} {
		v = strings.ReplaceAll(v, w, one(r, "\n", " ", "\t")+w[:len(w)-1]+one(r, "\n", " ", "  ", "\t"))
	}
	return v
}

func phpWrap(r *rand.Rand, v string) string {
	if !strings.HasPrefix(v, "O:") || !strings.HasSuffix(v, "}") {
		return v
	}
	w := benignWord(r)
	return fmt.Sprintf(`a:2:{s:%d:"%s";s:2:"ok";i:%d;%s}`, len(w), w, r.IntN(9), v)
}
