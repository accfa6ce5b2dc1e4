package learn

import (
	"math/rand/v2"
	"net/netip"
	"strconv"
	"testing"
)

// The tests below are attempts to have an indicator of level high discounted
// that honest users do not show. In each the attacker's requests are otherwise
// clean and answered 200, next to a crowd of 60 honest networks.

var payload = []string{"' or", "or 1", "1=1", "-- "}

func (s *site) strike(address string, forwarded ...string) {
	s.send(request{address: address, forwarded: forwarded, path: "/search", param: "q", value: "x' or 1=1-- ", tokens: payload, level: 2})
}

// behave makes the attacker look like everybody.
func (s *site) behave(address string, forwarded ...string) {
	s.send(request{address: address, forwarded: forwarded, path: "/search", param: "q", value: "lamp"})
}

// TestControl shows that the same is learned from honest networks: without it
// the tests below could not fail.
func TestControl(t *testing.T) {
	s, r := newSite(t, Config{}), rand.New(rand.NewPCG(1, 1))
	for range 12 {
		s.crowd(r, 200, 60)
		for range 10 {
			s.strike(user(r.IntN(60)))
		}
		s.tick()
	}
	if n := s.points(2, payload...); n >= 0 {
		t.Errorf("an indicator of 60 networks changes the score by %d", n)
	}
	if n := s.points(3, payload...); n != 0 {
		t.Errorf("a critical score changes by %d", n)
	}
}

// TestPoison tries everything that a single attacker has.
func TestPoison(t *testing.T) {
	proxy := netip.MustParsePrefix("10.0.0.0/8")
	for name, try := range map[string]func(s *site, r *rand.Rand, window int){
		"many addresses of a /24": func(s *site, r *rand.Rand, _ int) {
			for i := range 250 {
				s.behave("198.18.0." + strconv.Itoa(i))
				s.strike("198.18.0." + strconv.Itoa(i))
			}
		},
		"many addresses of a /48": func(s *site, r *rand.Rand, _ int) {
			for i := range 250 {
				a := "2001:db8:7:" + strconv.FormatInt(int64(i*251), 16) + "::1"
				s.behave(a)
				s.strike(a)
			}
		},
		"forged X-Forwarded-For, no proxy": func(s *site, r *rand.Rand, _ int) {
			for range 250 {
				forged := user(r.IntN(200))
				s.behave("198.18.0.1", forged)
				s.strike("198.18.0.1", forged)
			}
		},
		"forged X-Forwarded-For through a proxy": func(s *site, r *rand.Rand, _ int) {
			for range 250 {
				chain := user(r.IntN(200)) + ", 198.18.0.1"
				s.behave("10.1.2.3", chain)
				s.strike("10.1.2.3", chain)
			}
		},
		"hidden in benign company": func(s *site, r *rand.Rand, _ int) {
			for range 200 {
				s.behave("198.18.0.1")
			}
			s.strike("198.18.0.1")
			s.strike("198.18.1.1")
			s.strike("198.18.2.1")
		},
		"new networks, never otherwise seen": func(s *site, r *rand.Rand, window int) {
			for i := range 8 {
				s.strike("198." + strconv.Itoa(18+window%2) + "." + strconv.Itoa((window*8+i)%250) + ".1")
			}
		},
		"critical behind many lesser findings": func(s *site, r *rand.Rand, _ int) {
			for range 20 {
				s.send(request{address: user(r.IntN(60)), path: "/search", param: "q", value: "x' or 1=1-- ", tokens: payload, level: 2, critical: true})
			}
		},
		"filling the caps": func(s *site, r *rand.Rand, window int) {
			for i := range 2000 {
				n := strconv.Itoa(window*2000 + i)
				s.send(request{address: "198.18.0.1", path: "/search", param: "q" + n, value: "x", tokens: []string{n}, level: 2})
				s.send(request{address: "198.18.0.1", path: "/search", param: "q", value: n, tokens: []string{n, "a" + n, "b" + n}, level: 2})
			}
			s.strike("198.18.0.1")
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, r := newSite(t, Config{}), rand.New(rand.NewPCG(2, 2))
			s.sources.Trusted = []netip.Prefix{proxy}
			for window := range 30 {
				s.crowd(r, 100, 60)
				try(s, r, window)
				s.tick()
			}
			for _, level := range []uint8{2, 3} {
				if n := s.points(level, payload...); n < 0 {
					t.Errorf("level %d: the score changes by %d", level, n)
				}
			}
		})
	}
}

// TestSlowDrip has four hostile networks behave for 30 days and strike once a
// window: patience gives nothing, because sources are told apart within one
// period only.
func TestSlowDrip(t *testing.T) {
	s, r := newSite(t, Config{Window: 6 * 3600e9}), rand.New(rand.NewPCG(3, 3))
	for range 30 * 4 {
		s.crowd(r, 200, 60)
		for n := range 4 {
			a := "198.18." + strconv.Itoa(n) + ".1"
			s.behave(a)
			s.strike(a)
		}
		s.tick()
	}
	if n := s.points(2, payload...); n < 0 {
		t.Errorf("after 30 days the score changes by %d", n)
	}
}

// TestMillion lets a stranger send a million random paths and parameters:
// memory stays bounded and what is known stays known.
func TestMillion(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	s, r := newSite(t, Config{MaxBytes: 16 << 20}), rand.New(rand.NewPCG(4, 4))
	for range 3 {
		s.crowd(r, 600, 40)
		s.tick()
	}
	before := s.l.Status()[0]
	known := s.profile().Params()
	for range 12 { // 600,000 requests with 450,000 paths and 600,000 parameters
		s.crowd(r, 200, 40)
		for i := range 50000 {
			n := strconv.FormatUint(r.Uint64(), 36)
			path := []string{"/search", "/" + n, "/search/" + n, "/a/" + n + "/b"}[i%4]
			s.send(request{address: "198.18.0." + strconv.Itoa(i%250), path: path, param: "p" + n, value: n})
		}
		s.tick()
	}
	after := s.l.Status()[0]
	if after.Bytes > 16<<20 || after.Candidates > maxCandidates {
		t.Errorf("%d bytes, %d candidates", after.Bytes, after.Candidates)
	}
	if after.Endpoints != before.Endpoints || after.Params != before.Params || s.profile().Params() != known {
		t.Errorf("before %+v, after %+v", before, after)
	}
	if c := s.l.Counts(); c.Dropped == 0 {
		t.Errorf("nothing was counted: %+v", c)
	}
}

// TestEvict checks that the bound on items holds, and that what most sources
// use stays.
func TestEvict(t *testing.T) {
	s, r := newSite(t, Config{MaxItems: 30}), rand.New(rand.NewPCG(8, 8))
	for range 4 {
		s.crowd(r, 600, 40)
		for i := range 400 {
			s.send(request{address: user(100 + r.IntN(5)), path: "/area" + string(rune('a'+i%20)) + "/page", param: "p", value: "x"})
		}
		s.tick()
	}
	status := s.l.Status()[0]
	if n := status.Endpoints + status.Params + status.Candidates; n > 30 || status.Evicted == 0 {
		t.Errorf("%d items, %+v", n, status)
	}
	if !known(s.profile(), "/search") {
		t.Error("the endpoint that 40 networks use is gone")
	}
}
