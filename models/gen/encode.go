package gen

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf16"
)

// encoder turns an expanded text into another notation of it.
type encoder func(r *rand.Rand, s string) string

// encoders by their name in grammars.
//
//	b64 b64raw b64url   base64, without padding, with the URL alphabet
//	utf16b64            base64 of UTF-16LE, as PowerShell's -EncodedCommand
//	hexs, HEXS          hexadecimal digits without a prefix
//	pct pctall pct2     percent encoding: what a URL needs, every byte, twice
//	ent                 HTML character references, notation drawn per character
//	uni xesc oct        \uXXXX, \xXX, \ooo for every character
//	json                the inside of a JSON string
//	xml                 text with XML's predefined entities
//	chr                 chr(1).chr(2)…; codes is 1,2,…; charcat is CHAR(1)+…
//	pipechr             CHR(1)||CHR(2)
//	mixcase uc title rev rot13   letters
//	splitdq splitsq     "ab"+"c", 'ab'+'c'
//	shquote             a word with empty quotes or backslashes inside
//	brace               {a,b,c} for "a b c"
//	ip                  another notation of a dotted IPv4 address
//	php                 a PHP-serialised string, s:2:"ab"
//	utf16               UTF-16BE with a byte order mark
//	pickle java marshal binfmt losfmt   object streams, see serial.go
var encoders = map[string]encoder{
	"b64":      func(_ *rand.Rand, s string) string { return b64(s) },
	"b64raw":   func(_ *rand.Rand, s string) string { return base64.RawStdEncoding.EncodeToString([]byte(s)) },
	"b64url":   func(_ *rand.Rand, s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"utf16b64": func(_ *rand.Rand, s string) string { return b64(wide(s, false)) },
	"utf16":    func(_ *rand.Rand, s string) string { return "\xfe\xff" + wide(s, true) },
	"hexs":     func(_ *rand.Rand, s string) string { return hex.EncodeToString([]byte(s)) },
	"HEXS":     func(_ *rand.Rand, s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	"pct":      func(_ *rand.Rand, s string) string { return url.QueryEscape(s) },
	"pctall":   func(_ *rand.Rand, s string) string { return each(s, "%%%02x") },
	"pct2":     func(_ *rand.Rand, s string) string { return url.QueryEscape(url.QueryEscape(s)) },
	"ent":      entities,
	"uni":      func(_ *rand.Rand, s string) string { return each(s, `\u%04x`) },
	"xesc":     func(_ *rand.Rand, s string) string { return each(s, `\x%02x`) },
	"oct":      func(_ *rand.Rand, s string) string { return each(s, `\%03o`) },
	"json":     func(_ *rand.Rand, s string) string { return jsonText(s) },
	"xml":      func(_ *rand.Rand, s string) string { return xmlText.Replace(s) },
	"chr":      func(_ *rand.Rand, s string) string { return strings.TrimSuffix(each(s, "chr(%d)."), ".") },
	"codes":    func(_ *rand.Rand, s string) string { return strings.TrimSuffix(each(s, "%d,"), ",") },
	"charcat":  func(_ *rand.Rand, s string) string { return strings.TrimSuffix(each(s, "CHAR(%d)+"), "+") },
	"pipechr":  func(_ *rand.Rand, s string) string { return strings.TrimSuffix(each(s, "CHR(%d)||"), "||") },
	"mixcase":  mixcase,
	"uc":       func(_ *rand.Rand, s string) string { return strings.ToUpper(s) },
	"title":    func(_ *rand.Rand, s string) string { return titled(s) },
	"rev":      func(_ *rand.Rand, s string) string { return reversed(s) },
	"rot13":    func(_ *rand.Rand, s string) string { return strings.Map(rot13, s) },
	"splitdq":  func(r *rand.Rand, s string) string { return `"` + splice(r, s, `"+"`) + `"` },
	"splitsq":  func(r *rand.Rand, s string) string { return `'` + splice(r, s, `'+'`) + `'` },
	"shquote": func(r *rand.Rand, s string) string {
		return splice(r, s, []string{`''`, `""`, `\`, `$@`, `${u}`}[r.IntN(5)])
	},
	"brace":   func(_ *rand.Rand, s string) string { return "{" + strings.ReplaceAll(s, " ", ",") + "}" },
	"php":     func(_ *rand.Rand, s string) string { return "s:" + strconv.Itoa(len(s)) + `:"` + s + `"` },
	"ip":      Address,
	"pickle":  pickle,
	"java":    javaObject,
	"marshal": rubyMarshal,
	"binfmt":  binaryFormatter,
	"losfmt":  losFormatter,
}

var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func each(s, format string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, format, s[i])
	}
	return b.String()
}

func jsonText(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return s
	}
	return strings.Trim(strings.TrimSuffix(b.String(), "\n"), `"`)
}

func wide(s string, big bool) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return string(b)
}

func entities(r *rand.Rand, s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch r.IntN(4) {
		case 0:
			fmt.Fprintf(&b, "&#%d;", s[i])
		case 1:
			fmt.Fprintf(&b, "&#x%x;", s[i])
		case 2:
			fmt.Fprintf(&b, "&#%07d;", s[i])
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func mixcase(r *rand.Rand, s string) string {
	b := []byte(s)
	for i, c := range b {
		if c|0x20 >= 'a' && c|0x20 <= 'z' && r.IntN(2) == 0 {
			b[i] ^= 0x20
		}
	}
	return string(b)
}

func titled(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'a' && c <= 'z' && (i == 0 || b[i-1] == ' ' || b[i-1] == '-') {
			b[i] = c - 0x20
		}
	}
	return string(b)
}

func reversed(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

func rot13(c rune) rune {
	switch {
	case c >= 'a' && c <= 'z':
		return 'a' + (c-'a'+13)%26
	case c >= 'A' && c <= 'Z':
		return 'A' + (c-'A'+13)%26
	}
	return c
}

// splice puts glue at one to three places inside s, never inside the glue.
func splice(r *rand.Rand, s, glue string) string {
	end := len(s)
	for range 1 + r.IntN(3) {
		if end < 2 {
			break
		}
		end = 1 + r.IntN(end-1)
		s = s[:end] + glue + s[end:]
	}
	return s
}
