package conformance

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
)

// encodings are what an attacker wraps a payload in, by the name that stands
// in a case file.
var encodings = map[string]func(string) string{
	"base64":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64url": func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"hex":       func(s string) string { return hex.EncodeToString([]byte(s)) },
	"percent":   url.QueryEscape,
	"percents":  func(s string) string { return each(s, "%%%02X") },
	"utf16":     func(s string) string { return eachRune(s, "%%u%04x") },
	"unicode":   func(s string) string { return eachRune(s, `\u%04x`) },
	"escape":    func(s string) string { return each(s, `\x%02x`) },
	"octal":     func(s string) string { return each(s, `\%03o`) },
	"decimal":   func(s string) string { return eachRune(s, "&#%d;") },
	"entity":    func(s string) string { return eachRune(s, "&#x%x;") },
	"html":      strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;").Replace,
	"json":      func(s string) string { return `{"v":` + quoteJSON(s) + `}` },
	"upper":     strings.ToUpper,
	"mixed":     mixed,
	"comments":  func(s string) string { return strings.ReplaceAll(s, " ", "/**/") },
	"tabs":      func(s string) string { return strings.ReplaceAll(s, " ", "\t") },
	"newlines":  func(s string) string { return strings.ReplaceAll(s, " ", "\n") },
	"fullwidth": fullwidth,
}

func each(s, format string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, format, s[i])
	}
	return b.String()
}

func eachRune(s, format string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, format, r)
	}
	return b.String()
}

// mixed changes the case of every other letter.
func mixed(s string) string {
	b := []byte(strings.ToLower(s))
	upper := false
	for i, c := range b {
		if c >= 'a' && c <= 'z' {
			if upper {
				b[i] = c - 'a' + 'A'
			}
			upper = !upper
		}
	}
	return string(b)
}

// fullwidth replaces printable ASCII by the full-width forms of U+FF01…, which
// some frameworks normalise back (NFKC).
func fullwidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r + 0xfee0
		}
		return r
	}, s)
}
