package gateway

import "strings"

// keyNames are parts of names whose value, after "=" or ":", is not shown
// wherever it stands. Cookies and sessions are not among them, as they are for
// places: "document.cookie" is what an attack looks like, not a secret.
const keyNames = "password passwd pwd secret token api-key api_key apikey credential authorization"

var maskedKeys []string

func init() { maskedKeys = strings.Split(keyNames, " ") }

// Mask replaces what looks like a secret within a text: the value of a key that
// is named like one, credentials behind "Bearer" or "Basic" and in URLs, JSON
// web tokens, and card numbers (13 to 19 digits, right by Luhn's formula).
func Mask(text string) string {
	var out []byte
	done := 0
	for i := 0; i < len(text); i++ {
		if i > 0 && isWord(text[i]) && isWord(text[i-1]) && !isDigitAfterLetter(text, i) {
			continue
		}
		start, end := secretAt(text, i)
		if end <= start {
			continue
		}
		out = append(out, text[done:start]...)
		out = append(out, Masked...)
		done = end
		i = end - 1
	}
	if done == 0 {
		return text
	}
	return string(append(out, text[done:]...))
}

// secretAt returns where in text a secret begins and ends that is announced or
// begins at i; end <= start if there is none.
func secretAt(text string, i int) (start, end int) {
	c := text[i]
	if c >= '0' && c <= '9' {
		return i, cardEnd(text, i)
	}
	if c == ':' {
		return userinfo(text, i)
	}
	if !isWord(c) {
		return 0, 0
	}
	if strings.HasPrefix(text[i:], "eyJ") {
		if end = tokenEnd(text, i); end-i >= 24 && strings.IndexByte(text[i:end], '.') > 0 {
			return i, end
		}
	}
	name := i
	for name < len(text) && (isWord(text[name]) || text[name] == '-') {
		name++
	}
	key := strings.ToLower(text[i:name])
	if (key == "bearer" || key == "basic") && name < len(text) && text[name] == ' ' {
		if end = tokenEnd(text, name+1); end-name > 8 {
			return name + 1, end
		}
	}
	for k := 0; k < len(maskedKeys); k++ {
		if strings.Contains(key, maskedKeys[k]) {
			return valueAfter(text, name)
		}
	}
	return 0, 0
}

// valueAfter returns the value that is assigned to a name that ends at i.
func valueAfter(text string, i int) (start, end int) {
	i = skip(text, i, "\"']")
	i = skip(text, i, " ")
	if i == len(text) || (text[i] != '=' && text[i] != ':') {
		return 0, 0
	}
	i = skip(text, i+1, "=> ")
	stop := "&;, \t\r\n\"')}<>"
	if i < len(text) && (text[i] == '"' || text[i] == '\'') {
		stop = text[i : i+1]
		i++
	}
	n := strings.IndexAny(text[i:], stop)
	if n < 0 {
		n = len(text) - i
	}
	if scheme := strings.ToLower(text[i : i+n]); scheme == "bearer" || scheme == "basic" {
		return i, tokenEnd(text, skip(text, i+n, " "))
	}
	return i, i + n
}

// userinfo returns the password in "://user:password@" when i is its first ':'.
func userinfo(text string, i int) (start, end int) {
	if !strings.HasPrefix(text[i:], "://") {
		return 0, 0
	}
	rest := text[i+3:]
	n := strings.IndexAny(rest, "/?# \t\r\n\"'<>")
	if n < 0 {
		n = len(rest)
	}
	at := strings.LastIndexByte(rest[:n], '@')
	if at < 0 {
		return 0, 0
	}
	colon := strings.IndexByte(rest[:at], ':')
	if colon < 0 {
		return 0, 0
	}
	return i + 3 + colon + 1, i + 3 + at
}

func skip(text string, i int, set string) int {
	for i < len(text) && strings.IndexByte(set, text[i]) >= 0 {
		i++
	}
	return i
}

// tokenEnd is where a run of the characters of base64 and of dots ends.
func tokenEnd(text string, i int) int {
	for i < len(text) && (isWord(text[i]) || strings.IndexByte("-.+/=~", text[i]) >= 0) {
		i++
	}
	return i
}

func isWord(c byte) bool {
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isDigitAfterLetter says that a number begins within a word, "x4111…".
func isDigitAfterLetter(text string, i int) bool { return isDigit(text[i]) && !isDigit(text[i-1]) }

// cardEnd is where a card number ends that begins at i, 0 if there is none.
// Single blanks and dashes may stand between its digits.
func cardEnd(text string, i int) int {
	var digits [19]byte
	n, end := 0, 0
	for i < len(text) {
		if isDigit(text[i]) {
			if n == len(digits) {
				return 0
			}
			digits[n] = text[i] - '0'
			n++
			i++
			end = i
			continue
		}
		if (text[i] != ' ' && text[i] != '-') || i+1 == len(text) || !isDigit(text[i+1]) {
			break
		}
		i++
	}
	if n < 13 || digits[0] == 0 || !luhn(digits[:n]) {
		return 0
	}
	return end
}

// luhn checks the last digit (ISO/IEC 7812-1, annex B).
func luhn(digits []byte) bool {
	sum := 0
	for i := 0; i < len(digits); i++ {
		d := int(digits[len(digits)-1-i])
		if i%2 == 1 {
			d *= 2
			if d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
