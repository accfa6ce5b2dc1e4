package answer

import (
	"strings"
)

// decodings is how many layers of percent-encoding of a request are undone.
const decodings = 3

// special are the schemes whose addresses have a host for browsers, whatever
// the number of slashes (WHATWG URL Standard, section 4.4).
var special = []string{"http", "https", "ws", "wss", "ftp"}

// Host returns the host, with its port, in lower case, that a browser goes to
// for the value of a Location header; "" when it stays on the same host or goes
// to no web site. Browsers are lenient (WHATWG URL Standard): they strip blanks
// and line ends, take \ for /, and any number of slashes before the host.
func Host(location string) string {
	s := strings.TrimFunc(location, func(r rune) bool { return r <= ' ' })
	s = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(s)
	scheme, rest := cutScheme(s)
	slashes := 0
	for slashes < len(rest) && (rest[slashes] == '/' || rest[slashes] == '\\') {
		slashes++
	}
	switch {
	case scheme == "" && slashes < 2:
		return ""
	case scheme != "" && !contains(special, scheme):
		return ""
	}
	rest = rest[slashes:]
	if end := strings.IndexAny(rest, `/\?#`); end >= 0 {
		rest = rest[:end]
	}
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	return strings.ToLower(unescape(rest))
}

// cutScheme divides a scheme, in lower case, from what follows its colon.
func cutScheme(s string) (scheme, rest string) {
	for i := range len(s) {
		c := s[i] | 0x20
		switch {
		case s[i] == ':' && i > 0:
			return strings.ToLower(s[:i]), s[i+1:]
		case c >= 'a' && c <= 'z':
		case i > 0 && (s[i] >= '0' && s[i] <= '9' || strings.IndexByte("+-.", s[i]) >= 0):
		default:
			return "", s
		}
	}
	return "", s
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// Asked says whether a request asked for a host: whether it stands, as a name of
// its own, in one of the texts that the client sent, as they are or with up to
// three layers of percent-encoding undone.
func Asked(host string, sent ...string) bool {
	if at := strings.LastIndexByte(host, ':'); at >= 0 && strings.IndexByte(host[at:], ']') < 0 {
		host = host[:at] // a parameter may lack the port
	}
	if host = strings.TrimSuffix(host, "."); host == "" {
		return false
	}
	for _, text := range sent {
		text = strings.ToLower(text)
		for range decodings + 1 {
			if holds(text, host) {
				return true
			}
			next := unescape(text)
			if next == text {
				break
			}
			text = strings.ToLower(next)
		}
	}
	return false
}

// holds says whether a host stands in a text and not within a longer name.
func holds(text, host string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], host)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(host)
		if end < len(text) && text[end] == '.' {
			end++ // a name may end with a dot
		}
		if (start == 0 || !inName(text[start-1])) && (end == len(text) || !inName(text[end])) {
			return true
		}
		from = start + 1
	}
}

func inName(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_'
}

// unescape undoes percent-encoding; what is none stays.
func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if high, low := digit(s[i+1]), digit(s[i+2]); high >= 0 && low >= 0 {
				out = append(out, byte(high<<4|low))
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return string(out)
}

func digit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
