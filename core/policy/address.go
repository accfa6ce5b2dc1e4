package policy

import (
	"errors"
	"net/netip"
	"sort"
	"strings"
)

// span is a range of addresses, both ends included.
type span struct{ first, last netip.Addr }

// spans is a sorted list of ranges that do not overlap.
type spans []span

// parseAddress reads an address, with or without port, brackets and zone.
func parseAddress(s string) (netip.Addr, bool) {
	if len(s) > 0 && s[0] == '[' {
		if i := strings.IndexByte(s, ']'); i > 0 {
			s = s[1:i]
		}
	} else if i := strings.IndexByte(s, ':'); i >= 0 && i == strings.LastIndexByte(s, ':') {
		s = s[:i]
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Addr{}, false
	}
	return a.Unmap().WithZone(""), true
}

// parseSpan reads an address or a network.
func parseSpan(s string) (span, error) {
	if strings.IndexByte(s, '/') < 0 {
		a, err := netip.ParseAddr(s)
		if err != nil {
			return span{}, errors.New("no address and no network: " + s)
		}
		a = a.Unmap().WithZone("")
		return span{a, a}, nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return span{}, errors.New("no address and no network: " + s)
	}
	m := p.Masked()
	if m.Addr() != p.Addr() {
		return span{}, errors.New("the network " + s + " has bits set behind its prefix; write " + m.Masked().Addr().Unmap().WithZone("").String() + s[strings.IndexByte(s, '/'):])
	}
	first := m.Addr()
	bytes := first.AsSlice()
	for i := m.Bits(); i < len(bytes)*8; i++ {
		bytes[i/8] |= byte(128) >> uint(i%8)
	}
	last, _ := netip.AddrFromSlice(bytes)
	if first.Is4In6() != last.Is4In6() {
		return span{first, last}, nil
	}
	return span{first.Unmap(), last.Unmap()}, nil
}

// newSpans sorts ranges and joins those that overlap.
func newSpans(in []span) spans {
	sort.Slice(in, func(i, j int) bool { return in[i].first.Less(in[j].first) })
	var out spans
	for i := 0; i < len(in); i++ {
		n := len(out)
		if n > 0 && out[n-1].first.BitLen() == in[i].first.BitLen() && !out[n-1].last.Less(in[i].first) {
			if out[n-1].last.Less(in[i].last) {
				out[n-1].last = in[i].last
			}
			continue
		}
		out = append(out, in[i])
	}
	return out
}

// contains finds an address in O(log n).
func (s spans) contains(a netip.Addr) bool {
	low, high := 0, len(s)
	for low < high {
		mid := (low + high) / 2
		if s[mid].last.Less(a) {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low < len(s) && !a.Less(s[low].first)
}
