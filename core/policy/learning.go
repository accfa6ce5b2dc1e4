package policy

// Learns says whether the traffic of an asset (Verdict.Asset) is learned from.
func (p *Policy) Learns(asset string) bool {
	n, ok := p.names[asset]
	return !ok || p.assets[n].learning && !p.assets[n].off
}

// Excludes says whether a location is never to be learned from.
func (p *Policy) Excludes(location string) bool { return matchAny(p.excluded, location) }

// Asset returns name and mode of the asset that a request without any more
// headers than Host belongs to: for requests that could not be inspected.
func (p *Policy) Asset(uri, host string) (name, mode string) {
	r := p.NewRuling()
	r.Line("", uri)
	r.Header("Host", host)
	r.path = plain(r.path[:0], r.raw)
	r.choose()
	return r.rules.Name, r.rules.Settings.Mode
}

// maxDiscount is the most that a profile takes off a finding, as
// profile.MaxDiscount has it.
const maxDiscount = 45

// MaxDiscount returns how many points of score learning may take off a finding.
func (p *Policy) MaxDiscount() int {
	if p == nil || p.discount == 0 {
		return maxDiscount
	}
	return p.discount
}
