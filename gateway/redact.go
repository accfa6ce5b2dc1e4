package gateway

import (
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// Masked stands for text that is not shown.
const Masked = core.Masked

// secretNames are parts of names of places where secrets live.
const secretNames = "authorization cookie password passwd pwd secret token api-key api_key apikey credential session"

var secrets []string

func init() { secrets = strings.Split(secretNames, " ") }

// Redact returns the window of a finding without what looks like a secret (see
// Mask), or Masked when its location is a cookie, a credential header or a
// parameter named like one.
func Redact(location, window string) string {
	place := strings.ToLower(location)
	if i := strings.IndexByte(place, '#'); i >= 0 {
		place = place[:i]
	}
	for i := 0; i < len(secrets); i++ {
		if strings.Contains(place, secrets[i]) {
			return Masked
		}
	}
	return Mask(window)
}

// Clip cuts s to at most n bytes without cutting a character in two.
func Clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	end := n
	for end > 0 && end > n-4 && s[end]&0xc0 == 0x80 {
		end--
	}
	return s[:end]
}
