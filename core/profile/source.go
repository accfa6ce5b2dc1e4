package profile

import (
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"strings"
)

// Network is a set of addresses that counts as one source, such as all of an
// autonomous system.
type Network struct {
	Prefix netip.Prefix
	// Name tells networks apart; several prefixes may share one.
	Name string
}

// Sources turns addresses into votes. An address is never stored or sent: what
// leaves a wrapper is a keyed hash of its network, and the key rotates.
//
// One IPv4 /24, one IPv6 /48, and one listed network is one source, because
// whoever has one address of it can have them all.
type Sources struct {
	// Key is the secret shared by all wrappers of a deployment.
	Key [32]byte
	// Period is how long a hash stays the same, in seconds: the learner's
	// period. Zero means for ever.
	Period int64
	// Trusted are the proxies whose X-Forwarded-For entries are believed.
	Trusted []netip.Prefix
	// Networks are further sets of addresses that are one source each.
	Networks []Network
}

// Of returns the vote of a request at a time (Unix seconds). peer is the
// address of the connection, with or without port; forwarded are the values of
// all X-Forwarded-For lines in their order. They count only if the peer is a
// trusted proxy, and are walked from the right to the first address that is
// not: what stands left of it was written by the client. What is no address
// ends the walk too. It returns 0, which is nobody's vote, if peer is none.
func (s *Sources) Of(peer string, forwarded []string, now int64) uint64 {
	addr, ok := parseAddr(peer)
	if !ok {
		return 0
	}
	for i := len(forwarded) - 1; i >= 0; i-- {
		list := forwarded[i]
		for len(list) > 0 {
			if !s.trusts(addr) {
				return s.vote(addr, now)
			}
			j := strings.LastIndexByte(list, ',')
			next, ok := parseAddr(list[j+1:])
			if !ok {
				return s.vote(addr, now)
			}
			addr = next
			if j < 0 {
				j = 0
			}
			list = list[:j]
		}
	}
	return s.vote(addr, now)
}

func (s *Sources) trusts(a netip.Addr) bool {
	for i := 0; i < len(s.Trusted); i++ {
		if s.Trusted[i].Contains(a) {
			return true
		}
	}
	return false
}

// vote hashes what a is one address of. The input is a whole number of fixed
// fields, so the key in front of it is as good as HMAC here.
func (s *Sources) vote(a netip.Addr, now int64) uint64 {
	var in [32 + 8 + 17 + 32]byte
	copy(in[:32], s.Key[:])
	if s.Period > 0 {
		binary.LittleEndian.PutUint64(in[32:], uint64(now/s.Period))
	}
	for i := 0; i < len(s.Networks); i++ {
		if s.Networks[i].Prefix.Contains(a) {
			in[40] = 1
			name := sha256.Sum256([]byte(s.Networks[i].Name))
			copy(in[57:], name[:])
			return digest(&in)
		}
	}
	b := a.As16()
	if a.Is4() {
		in[40] = 4
		copy(in[41:], b[12:15])
	} else {
		in[40] = 6
		copy(in[41:], b[:6])
	}
	return digest(&in)
}

func digest(in *[89]byte) uint64 {
	sum := sha256.Sum256(in[:])
	return binary.LittleEndian.Uint64(sum[:8]) | 1
}

// parseAddr reads an address with or without port, brackets or zone. An IPv4
// address in IPv6 form is that IPv4 address. It is net/netip and not net because
// WebAssembly hosts refuse a module that can open files, as net can.
func parseAddr(text string) (netip.Addr, bool) {
	text = strings.Trim(text, " \t\"")
	if strings.HasPrefix(text, "[") {
		if i := strings.IndexByte(text, ']'); i > 0 {
			text = text[1:i]
		}
	} else if strings.Count(text, ":") == 1 {
		text = text[:strings.IndexByte(text, ':')]
	}
	if i := strings.IndexByte(text, '%'); i > 0 {
		text = text[:i]
	}
	a, err := netip.ParseAddr(text)
	return a.Unmap(), err == nil
}
