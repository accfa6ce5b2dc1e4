package policy

// Heads is what a Ruling took from the header lines of a request, for lines that
// come again with another. It does not change.
type Heads struct {
	host, origin, fetchSite string
	hosts, bytes            int
	contradiction           bool
	headers                 []bool
}

// Heads returns what the header lines have told so far, nil if the request
// target names a host too, on which that depends.
func (r *Ruling) Heads() *Heads {
	if r.absolute {
		return nil
	}
	return &Heads{host: string(r.host), origin: string(r.origin), fetchSite: string(r.fetchSite), hosts: r.hosts,
		bytes: r.headerBytes - r.lineBytes, contradiction: r.contradiction, headers: append([]bool{}, r.headers...)}
}

// Recall takes what equal lines told another Ruling of the same policy, in the
// place of showing them. It must come after Line and before any Header. When it
// returns false, they must be shown.
func (r *Ruling) Recall(h *Heads) bool {
	if h == nil || r.absolute {
		return false
	}
	r.host = append(r.host[:0], h.host...)
	r.origin = append(r.origin[:0], h.origin...)
	r.fetchSite = append(r.fetchSite[:0], h.fetchSite...)
	r.hosts = h.hosts
	r.headerBytes += h.bytes
	r.contradiction = h.contradiction
	copy(r.headers, h.headers)
	return true
}
