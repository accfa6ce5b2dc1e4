package gateway

import (
	"encoding/base64"
	"errors"
	"strings"
)

// Identity says by what clients are told apart beside their addresses, for
// learning. The zero value is nothing. Of the fields Header, Cookie and Claim one
// is set.
//
// Whatever a client sends of itself it can make up. So an identity never makes
// more votes out of a network than one; it only makes fewer, when one identity
// comes from several networks. Only with Verified, and through a proxy that is
// trusted, is it a vote of its own.
type Identity struct {
	// Header, Cookie and Claim are names: of a header, of a cookie, of a member of
	// the payload of the JSON Web Token (RFC 7519) in Authorization: Bearer.
	Header, Cookie, Claim string
	// Verified says that the trusted proxies have checked the identity, and take
	// it off requests that bring one of their own.
	Verified bool
}

// ParseIdentity reads "header:NAME", "cookie:NAME" or "jwt:CLAIM", with
// "verified " before it if it is; "" is the zero value.
func ParseIdentity(text string) (Identity, error) {
	var d Identity
	rest := strings.TrimPrefix(text, "verified ")
	d.Verified = rest != text
	i := strings.IndexByte(rest, ':')
	if text == "" {
		return d, nil
	}
	if i < 0 || rest[i+1:] == "" || len(rest)-i > 128 || strings.ContainsAny(rest[i+1:], " ;,=\"") {
		return Identity{}, errors.New("identity: want header:NAME, cookie:NAME or jwt:CLAIM")
	}
	switch rest[:i] {
	case "header":
		d.Header = rest[i+1:]
	case "cookie":
		d.Cookie = rest[i+1:]
	case "jwt":
		d.Claim = rest[i+1:]
	default:
		return Identity{}, errors.New("identity: " + rest[:i] + ": want header, cookie or jwt")
	}
	return d, nil
}

// Source names the header that the identity stands in, "" for the zero value.
func (d Identity) Source() string {
	if d.Cookie != "" {
		return "Cookie"
	}
	if d.Claim != "" {
		return "Authorization"
	}
	return d.Header
}

// Find returns the identity in the lines of the header Source, "" if there is
// none or more than one: what is ambiguous nobody should choose from.
func (d Identity) Find(lines []string) string {
	if d.Source() == "" {
		return ""
	}
	if d.Cookie != "" {
		return d.cookie(lines)
	}
	if len(lines) != 1 {
		return ""
	}
	if d.Claim != "" {
		return d.claim(lines[0])
	}
	return strings.TrimSpace(lines[0])
}

func (d Identity) cookie(lines []string) string {
	found, n := "", 0
	for i := 0; i < len(lines); i++ {
		rest := lines[i]
		for rest != "" {
			pair := rest
			rest = ""
			if k := strings.IndexByte(pair, ';'); k >= 0 {
				pair, rest = pair[:k], pair[k+1:]
			}
			pair = strings.TrimSpace(pair)
			if k := strings.IndexByte(pair, '='); k > 0 && pair[:k] == d.Cookie {
				found = pair[k+1:]
				n++
			}
		}
	}
	if n != 1 {
		return ""
	}
	return found
}

// maxToken bounds the token that is looked into.
const maxToken = 8 << 10

// claim reads the payload of a token. Its signature is not checked here: see
// Verified.
func (d Identity) claim(line string) string {
	line = strings.TrimSpace(line)
	if len(line) < 7 || len(line) > maxToken || !strings.EqualFold(line[:7], "bearer ") {
		return ""
	}
	parts := strings.Split(strings.TrimSpace(line[7:]), ".")
	if len(parts) != 3 {
		return ""
	}
	data, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return ""
	}
	found, n := "", 0
	err = Object(data, func(key, value string) error {
		if key == d.Claim {
			found = value
			n++
		}
		return nil
	})
	if err != nil || n != 1 {
		return ""
	}
	return found
}
