package profile

import (
	"net/netip"
	"testing"
)

func network(t *testing.T, text string) netip.Prefix {
	t.Helper()
	n, err := netip.ParsePrefix(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestSources checks who is whose vote.
func TestSources(t *testing.T) {
	s := &Sources{Key: [32]byte{1}, Period: 100, Trusted: []netip.Prefix{network(t, "10.0.0.0/8"), network(t, "fd00::/8")},
		Networks: []Network{{network(t, "203.0.113.0/25"), "AS1"}, {network(t, "198.51.100.0/24"), "AS1"}}}
	type visit struct {
		peer      string
		forwarded []string
	}
	for _, c := range []struct {
		name string
		a, b visit
		same bool
	}{
		{"same /24", visit{"192.0.2.1", nil}, visit{"192.0.2.254:8080", nil}, true},
		{"other /24", visit{"192.0.2.1", nil}, visit{"192.0.3.1", nil}, false},
		{"same /48", visit{"2001:db8:1::1", nil}, visit{"[2001:db8:1:ffff::2]:443", nil}, true},
		{"other /48", visit{"2001:db8:1::1", nil}, visit{"2001:db8:2::1", nil}, false},
		{"mapped", visit{"::ffff:192.0.2.1", nil}, visit{"192.0.2.9", nil}, true},
		{"zone", visit{"fe80::1%eth0", nil}, visit{"fe80::2%eth1", nil}, true},
		{"forged header, no proxy", visit{"192.0.2.1", []string{"1.2.3.4"}}, visit{"192.0.2.1", []string{"5.6.7.8"}}, true},
		{"through a proxy", visit{"10.0.0.1", []string{"192.0.2.1"}}, visit{"192.0.2.77", nil}, true},
		{"forged left of the proxy's entry", visit{"10.0.0.1", []string{"1.2.3.4, 192.0.2.1"}}, visit{"10.0.0.1", []string{"5.6.7.8,192.0.2.1"}}, true},
		{"two proxies", visit{"10.0.0.1", []string{"6.6.6.6, 192.0.2.1, 10.2.3.4"}}, visit{"192.0.2.1", nil}, true},
		{"several lines", visit{"10.0.0.1", []string{"6.6.6.6", "192.0.2.1", "10.2.3.4"}}, visit{"192.0.2.1", nil}, true},
		{"garbage ends the walk", visit{"10.0.0.1", []string{"192.0.2.1, unknown"}}, visit{"10.0.0.1", nil}, true},
		{"listed network", visit{"203.0.113.9", nil}, visit{"198.51.100.9", nil}, true},
		{"outside of it", visit{"203.0.113.200", nil}, visit{"198.51.100.9", nil}, false},
	} {
		a, b := s.Of(c.a.peer, c.a.forwarded, 50), s.Of(c.b.peer, c.b.forwarded, 99)
		if a == 0 || b == 0 || (a == b) != c.same {
			t.Errorf("%s: %x and %x", c.name, a, b)
		}
	}
	if s.Of("192.0.2.1", nil, 50) == s.Of("192.0.2.1", nil, 150) {
		t.Error("the key does not rotate")
	}
	if s.Of("somewhere", nil, 0) != 0 {
		t.Error("what is no address has a vote")
	}
}
