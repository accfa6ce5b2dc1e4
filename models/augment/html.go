package augment

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

var xssOnly = []string{"xss"}

var htmlMutations = []Mutation{
	{"html.case", "tag and attribute names and URL schemes are case-insensitive (HTML, sections 13.1.2 and 4.2); script text is left alone", Syntax, xssOnly, htmlCase},
	{"html.separator", "a slash, tab, line feed or form feed separates a tag's name from its attributes", Syntax, xssOnly, htmlSeparator},
	{"html.attribute", "unknown attributes are ignored", Syntax, xssOnly, htmlAttribute},
	{"html.scheme", "a URL parser drops tabs and line feeds, and an attribute's character references are resolved first", Syntax, xssOnly, htmlScheme},
	{"html.call", "alert(x) reached by another expression", Syntax, xssOnly, htmlCall},
	{"html.handler", "character references in an event handler's value are resolved before the script is parsed", Syntax, xssOnly, htmlHandler},
	{"html.escape", "an identifier may be written with \\u escapes in a script (ECMA-262, section 12.7)", Syntax, xssOnly, scriptEscape},
}

// htmlCase flips names after "<", "</", "on…=" and schemes before ":".
func htmlCase(r *rand.Rand, v string) string {
	return words(v, func(before, w, after string) string {
		low := strings.ToLower(w)
		tag := last(before) == '<' || strings.HasSuffix(before, "</")
		handler := strings.HasPrefix(low, "on") && len(w) > 4 && strings.HasPrefix(strings.TrimLeft(after, " \t\n\f"), "=")
		scheme := low == "javascript" && first(after) == ':'
		if tag || handler || scheme {
			return flip(r, w)
		}
		return w
	})
}

// tagBlank returns where the blank after a tag's name is, or -1.
func tagBlank(v string) int {
	for i := 0; i < len(v); i++ {
		if v[i] != '<' {
			continue
		}
		w := firstWord(v[i+1:])
		if j := i + 1 + len(w); w != "" && letter(w[0]) && j < len(v) && (v[j] == ' ' || v[j] == '/') && j+1 < len(v) && letter(v[j+1]) {
			return j
		}
	}
	return -1
}

func htmlSeparator(r *rand.Rand, v string) string {
	i := tagBlank(v)
	if i < 0 {
		return v
	}
	return v[:i] + one(r, "/", "\t", "\n", "\f", " /", "\r\n", "//", "/ /", "  ") + v[i+1:]
}

func htmlAttribute(r *rand.Rand, v string) string {
	i := tagBlank(v)
	if i < 0 {
		return v
	}
	return v[:i] + " " + one(r, "class", "id", "title", "alt", "data-x", "lang", "width") + one(r, `="`+benignWord(r)+`"`, "="+benignWord(r), `='`+benignWord(r)+`'`) + v[i:]
}

func htmlScheme(r *rand.Rand, v string) string {
	i := strings.Index(strings.ToLower(v), "javascript:")
	if i < 0 || i == 0 || v[i-1] != '=' && !quote(v[i-1]) || !strings.Contains(v[:i], "=") {
		return v
	}
	word := v[i : i+len("javascript:")]
	switch r.IntN(4) {
	case 0:
		at := 1 + r.IntN(9)
		word = word[:at] + one(r, "\t", "\n", "&Tab;", "&NewLine;", "&#9;", "&#10;") + word[at:]
	case 1:
		word = word[:10] + one(r, "&colon;", "&#58;", "&#x3a;", "&#x3A;")
	case 2:
		at := r.IntN(10)
		word = word[:at] + fmt.Sprintf("&#%d;", word[at]) + word[at+1:]
	case 3:
		word = one(r, " ", "\x01", "\n", "\t") + word
	}
	return v[:i] + word + v[i+len("javascript:"):]
}

func htmlCall(r *rand.Rand, v string) string {
	for _, f := range []string{"alert(", "confirm(", "prompt("} {
		if i := strings.Index(v, f); i >= 0 && (i == 0 || !wordByte(v[i-1]) && v[i-1] != '.' && v[i-1] != '\\' && v[i-1] != '(') {
			n := f[:len(f)-1]
			return v[:i] + one(r, "("+n+")", "top."+n, "window."+n, "self['"+n+"']", "top['"+n[:2]+"'+'"+n[2:]+"']", "globalThis."+n, "parent."+n, n+"/**/", n+"\n", "(0,"+n+")", "this."+n) + v[i+len(n):]
		}
	}
	return v
}

// htmlHandler encodes letters of a call inside an on…= value.
func htmlHandler(r *rand.Rand, v string) string {
	low := strings.ToLower(v)
	on := strings.Index(low, "on")
	for _, n := range []string{"alert", "confirm", "prompt", "eval", "fetch"} {
		i := strings.Index(v, n+"(")
		if i < 0 || on < 0 || on > i || !strings.Contains(v[on:i], "=") || strings.ContainsAny(v[on:i], "<> ") {
			continue
		}
		at := i + r.IntN(len(n))
		ref := fmt.Sprintf(one(r, "&#%d;", "&#x%x;", "&#%06d;", "&#X%X;"), v[at])
		return v[:at] + ref + v[at+1:]
	}
	return v
}

func scriptEscape(r *rand.Rand, v string) string {
	for _, n := range []string{"alert(", "confirm(", "prompt(", "eval(", "fetch("} {
		if i := strings.Index(v, n); i >= 0 && !strings.HasSuffix(v[:i], `'`) && !strings.HasSuffix(v[:i], `"`) {
			at := i + r.IntN(len(n)-1)
			if i > 0 && (wordByte(v[i-1]) || v[i-1] == ';' && strings.Contains(v[:i], "&#")) {
				continue
			}
			return v[:at] + fmt.Sprintf(one(r, `\u%04x`, `\u{%x}`, `\u{0%X}`), v[at]) + v[at+1:]
		}
	}
	return v
}
