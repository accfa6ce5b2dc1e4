package policy

import (
	"net/netip"
	"strconv"
)

// Locate sets what knows the country of an address: an ISO 3166 code, "XX" for
// an address in none that is known, "" for one that no country can be asked of,
// such as a private one. It must be safe for concurrent use. Call it before the
// policy judges; without it the protection geo objects to nothing.
func (p *Policy) Locate(country func(netip.Addr) string) { p.country = country }

// NeedsCountries returns the path of the first key that asks for countries, ""
// if none does: the policy then needs Locate.
func (p *Policy) NeedsCountries() string {
	for i := 0; i < len(p.assets); i++ {
		if active(p.assets[i].Settings.Protections.Geo.Mode) {
			if i == 0 {
				return "defaults.protections.geo"
			}
			return index("assets", i-1) + ".protections.geo"
		}
	}
	return ""
}

// countries checks ISO 3166 codes of two letters, without knowing which exist.
func (c *compiler) countries(path string, in []string) {
	for i := 0; i < len(in); i++ {
		s := in[i]
		if len(s) != 2 || s[0] < 'A' || s[0] > 'Z' || s[1] < 'A' || s[1] > 'Z' {
			c.problems.add(index(path, i), strconv.Quote(s)+": want an ISO 3166 code of two capital letters, such as DE")
		}
	}
}
