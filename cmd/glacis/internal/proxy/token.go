package proxy

import (
	"crypto/rand"

	"github.com/glacis-waf/glacis/gateway"
)

// isToken reports whether s is a token as RFC 9110, section 5.6.2 has it, and
// so a possible header name.
func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c <= ' ' || c >= 0x7f {
			return false
		}
		switch c {
		case '"', '(', ')', ',', '/', ':', ';', '<', '=', '>', '?', '@', '[', '\\', ']', '{', '}':
			return false
		}
	}
	return s != ""
}

// requestID returns the client's id when it is harmless in logs, headers and
// pages, otherwise a fresh one of 128 random bits.
func requestID(given string) string {
	if gateway.KeepID(given) {
		return given
	}
	return randomHex(16)
}

// randomHex returns 2n hexadecimal digits. crypto/rand.Read never fails.
func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return gateway.HexID(b)
}
