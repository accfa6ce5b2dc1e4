package agent

import (
	"encoding/base64"
	"fmt"
	"net/netip"
	"testing"

	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/gateway"
)

// identified is an agent that has met its sidecar.
func identified(t *testing.T, text string) *Agent {
	t.Helper()
	d, err := gateway.ParseIdentity(text)
	if err != nil {
		t.Fatal(err)
	}
	a := &Agent{cfg: Config{Identity: d}}
	a.sources.Store(&profile.Sources{Key: [32]byte{1}, Period: 86400, Trusted: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
	return a
}

// votes counts the different votes of n requests.
func votes(n int, of func(i int) uint64) int {
	seen := map[uint64]bool{}
	for i := range n {
		seen[of(i)] = true
	}
	return len(seen)
}

// TestForgedIdentities: whoever makes identities up has no more votes than
// networks, by header, cookie and token, however many there are; the table of
// bindings is filled several times over.
func TestForgedIdentities(t *testing.T) {
	forge := map[string]func(i int) []string{
		"header:X-User": func(i int) []string { return []string{fmt.Sprint("user", i)} },
		"cookie:sid":    func(i int) []string { return []string{fmt.Sprint("sid=", i)} },
		"jwt:sub": func(i int) []string {
			return []string{"Bearer e30." + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"sub":"u%d"}`, i)) + ".forged"}
		},
	}
	for text, lines := range forge {
		for _, verified := range []string{"", "verified "} {
			a := identified(t, verified+text)
			d := a.Identity()
			client := func(i int) string { return fmt.Sprintf("198.51.%d.%d", i%4, i%250) }
			direct := func(i int) uint64 { return a.Identified(client(i), false, d.Find(lines(i))) }
			if n := votes(20000, direct); n != 4 {
				t.Errorf("%s%s: 20,000 forged identities from four networks have %d votes", verified, text, n)
			}
			if n := votes(1000, func(i int) uint64 { return a.Identified("198.51.100.7", false, d.Find(lines(i))) }); n > 5 {
				t.Errorf("%s%s: 1,000 forged identities from one more network have %d votes with the others", verified, text, n)
			}
		}
	}
}

// TestIdentityNarrows: one identity is one vote, wherever it comes from.
func TestIdentityNarrows(t *testing.T) {
	a := identified(t, "cookie:sid")
	if n := votes(200, func(i int) uint64 { return a.Identified(fmt.Sprintf("203.%d.113.1", i), false, "7f") }); n != 1 {
		t.Errorf("one session from 200 networks has %d votes", n)
	}
	if n := votes(200, func(i int) uint64 { return a.Identified(fmt.Sprintf("203.%d.113.1", i), false, "") }); n != 200 {
		t.Errorf("200 networks without a session have %d votes", n)
	}
	if a.Identified("nobody", false, "7f") != 0 {
		t.Error("an identity without an address has a vote")
	}
	if (&Agent{}).Identified("203.0.113.1", true, "7f") != 0 {
		t.Error("a vote before the sidecar was met")
	}
}

// TestVerifiedIdentity: behind a trusted proxy that checks identities each is a
// vote of its own, another one in another deployment or period, and none of a
// network's.
func TestVerifiedIdentity(t *testing.T) {
	a := identified(t, "verified header:X-User")
	behind := func(i int) uint64 { return a.Identified("192.0.2.1", true, fmt.Sprint("user", i)) }
	if n := votes(50, behind); n != 50 {
		t.Errorf("50 checked accounts have %d votes", n)
	}
	if a.Identified("192.0.2.1", true, "") != a.Source("192.0.2.1", nil) {
		t.Error("without an identity it is not the network's vote")
	}
	s := a.sources.Load()
	other := profile.Sources{Key: [32]byte{2}, Period: s.Period}
	if h := s.Identity("user1", 0); h == 0 || h == other.Identity("user1", 0) || h == s.Identity("user1", s.Period) || h == s.Identity("user2", 0) || h != s.Identity("user1", s.Period-1) {
		t.Error("the hash of an identity is not keyed or does not rotate")
	}
	unverified := identified(t, "header:X-User")
	if n := votes(50, func(i int) uint64 { return unverified.Identified("192.0.2.1", true, fmt.Sprint("user", i)) }); n != 1 {
		t.Errorf("50 accounts that nobody checked have %d votes", n)
	}
}
