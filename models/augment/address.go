package augment

import (
	"math/rand/v2"
	"net/netip"
	"strings"

	"github.com/glacis-waf/glacis/models/gen"
)

var urlOnly = []string{"ssrf"}

var addressMutations = []Mutation{
	{"url.scheme", "a URL's scheme is case-insensitive (RFC 3986, section 3.1)", Syntax, urlOnly, urlScheme},
	{"url.address", "inet_aton and IPv6 parsers read other notations of the same address (RFC 3986, section 7.4)", Syntax, urlOnly, urlAddress},
	{"url.user", "user information before the host does not change where a client connects (RFC 3986, section 3.2.1)", Syntax, urlOnly, urlUser},
	{"url.port", "the default port may be spelled out", Syntax, urlOnly, urlPort},
	{"url.host", "host names are case-insensitive and may end in a dot (RFC 4343, RFC 1034)", Syntax, urlOnly, urlHost},
	{"url.fragment", "a fragment is not sent, and most servers ignore an unknown query", Syntax, urlOnly, urlFragment},
}

// split takes the first "scheme://host" of a value apart.
func split(v string) (before, host, after string, ok bool) {
	i := strings.Index(v, "://")
	if i < 1 {
		return "", "", "", false
	}
	rest := v[i+3:]
	n := strings.IndexAny(rest, "/:?#\\@ \"'<>&%;,")
	if strings.HasPrefix(rest, "[") {
		n = strings.IndexByte(rest, ']') + 1
	}
	if n < 0 {
		n = len(rest)
	}
	if n == 0 {
		return "", "", "", false
	}
	return v[:i+3], rest[:n], rest[n:], true
}

func urlScheme(r *rand.Rand, v string) string {
	before, host, after, ok := split(v)
	if !ok {
		return v
	}
	scheme := lastWord(strings.TrimSuffix(before, "://"))
	return strings.TrimSuffix(before, scheme+"://") + flip(r, scheme) + "://" + host + after
}

func urlAddress(r *rand.Rand, v string) string {
	before, host, after, ok := split(v)
	if _, err := netip.ParseAddr(host); !ok || err != nil {
		return v
	}
	return before + gen.Address(r, host) + after
}

func web(before string) bool {
	low := strings.ToLower(before)
	return strings.HasSuffix(low, "http://") || strings.HasSuffix(low, "https://")
}

func urlUser(r *rand.Rand, v string) string {
	before, host, after, ok := split(v)
	if !ok || !web(before) || strings.Contains(after, "@") {
		return v
	}
	return before + one(r, benignWord(r), benignWord(r)+":"+benignWord(r), "www."+benignWord(r)+".com") + "@" + host + after
}

func urlPort(r *rand.Rand, v string) string {
	before, host, after, ok := split(v)
	if !ok || !strings.HasSuffix(strings.ToLower(before), "http://") || first(after) == ':' || first(after) == '@' {
		return v
	}
	return before + host + one(r, ":80", ":", ":080") + after
}

func urlHost(r *rand.Rand, v string) string {
	before, host, after, ok := split(v)
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); !ok || err == nil || first(after) == '@' || first(after) == ':' || !letter(last(host)) || strings.HasPrefix(strings.ToLower(host), "0x") {
		return v
	}
	return before + one(r, flip(r, host), host+".", flip(r, host)+".") + after
}

func urlFragment(r *rand.Rand, v string) string {
	before, _, after, ok := split(v)
	if !ok || !web(before) || strings.ContainsAny(after, "#? \"'<>@\\\r\n") || strings.ContainsAny(before, " \"'<>={") {
		return v
	}
	if after == "" {
		v += "/"
	}
	return v + one(r, "#"+benignWord(r), "?"+benignWord(r)+"="+benignWord(r), "?"+benignWord(r)+"#"+benignWord(r), "#.png", "?.jpg")
}
