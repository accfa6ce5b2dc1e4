package policy

import "net/netip"

// Ruling is a policy's view of one request, filled as the request comes. It is
// reused: Reset begins the next request. One goroutine uses it at a time.
type Ruling struct {
	policy *Policy
	rules  *Rules
	asset  int

	method, uri, host, path, raw, origin []byte
	fetchSite                            []byte
	hosts                                int
	contradiction                        bool
	source                               netip.Addr
	sourced                              bool
	headers                              []bool
	headerBytes, lineBytes               int
	absolute                             bool // the target names a host
	work                                 int

	settled    bool
	marks      []mark
	violations []Violation
	forced     bool // by an exception of action block
	allowed    bool // by one of action allow
	blanket    int  // 0 not asked yet, 1 no, 2 yes
}

// mark says that an exception matched, and evidence of which confidence.
type mark struct {
	exception int
	level     int
	expired   bool
}

// Violation is what a check beside the model objects to.
type Violation struct {
	// Protection is its key: "methods", "addresses", "csrf", "limits".
	Protection string `json:"protection"`
	// Detail says what was wrong: the method, the address, the origin, the limit.
	Detail string `json:"detail"`
	// Prevent is false when the check's mode is detect.
	Prevent bool `json:"prevent"`
}

// NewRuling makes a Ruling. It allocates what a request needs as a rule.
func (p *Policy) NewRuling() *Ruling {
	return &Ruling{policy: p, rules: p.assets[0], headers: make([]bool, len(p.headers)),
		method: make([]byte, 0, 16), uri: make([]byte, 0, 256), host: make([]byte, 0, 64),
		path: make([]byte, 0, 256), raw: make([]byte, 0, 256), origin: make([]byte, 0, 64), fetchSite: make([]byte, 0, 16)}
}

// Reset begins a request.
func (r *Ruling) Reset() {
	r.asset = 0
	r.rules = r.policy.assets[0]
	r.method, r.uri, r.host, r.path, r.raw = r.method[:0], r.uri[:0], r.host[:0], r.path[:0], r.raw[:0]
	r.origin, r.fetchSite = r.origin[:0], r.fetchSite[:0]
	r.hosts, r.headerBytes, r.blanket, r.work = 0, 0, 0, 0
	r.contradiction, r.sourced, r.settled, r.forced, r.allowed = false, false, false, false, false
	r.absolute = false
	r.source = netip.Addr{}
	for i := 0; i < len(r.headers); i++ {
		r.headers[i] = false
	}
	r.marks = nil
	r.violations = nil
}

// Rules are those of the request's asset; before Settle, those of no asset.
func (r *Ruling) Rules() *Rules { return r.rules }

// Off says whether the asset is not to be inspected.
func (r *Rules) Off() bool { return r.off }

// Confidence is the level from which is blocked: 1 medium, 2 high, 3 critical.
func (r *Rules) Confidence() int { return r.confidence }

// From notes the client's address, without or with port.
func (r *Ruling) From(address string) {
	if address != "" {
		a, ok := parseAddress(address)
		r.source = a
		r.sourced = ok
	}
}

// Line notes method and request target.
func (r *Ruling) Line(method, uri string) {
	r.method = append(r.method[:0], method...)
	r.uri = append(r.uri[:0], uri...)
	r.headerBytes += len(method) + len(uri)
	r.lineBytes = r.headerBytes
	authority, path := target(uri)
	if authority != "" {
		r.absolute = true
		r.setHost(authority)
	}
	r.raw = append(r.raw[:0], path...)
}

// Header notes the headers that the policy asks for.
func (r *Ruling) Header(name, value string) {
	r.headerBytes += len(name) + len(value)
	switch len(name) {
	case 4, 10:
		if foldEqual(name, "host") || foldEqual(name, ":authority") {
			r.setHost(value)
		}
	case 6:
		if foldEqual(name, "origin") && len(r.origin) == 0 {
			r.origin = appendLower(r.origin, value)
		}
	case 14:
		if foldEqual(name, "sec-fetch-site") && len(r.fetchSite) == 0 {
			r.fetchSite = appendLower(r.fetchSite, value)
		}
	}
	for i := 0; i < len(r.headers); i++ {
		c := &r.policy.headers[i]
		if !r.headers[i] && foldEqual(name, c.name) && (c.value == nil || len(value) <= maxValue && c.value.MatchString(value)) {
			r.headers[i] = true
		}
	}
}

// setHost notes a host; a second one that differs makes the request one for
// the strictest asset, because nobody knows which of them the server takes.
func (r *Ruling) setHost(value string) {
	if r.hosts > 0 {
		if !foldEqual(value, string(r.host)) {
			r.contradiction = true
		}
		return
	}
	r.hosts++
	r.host = appendLower(r.host[:0], value)
}

// foldEqual compares s with a lower-case text, regardless of the case of ASCII.
func foldEqual(s, lower string) bool {
	if len(s) != len(lower) {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

func appendLower(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

// Settled says whether Settle has run.
func (r *Ruling) Settled() bool { return r.settled }

// Settle chooses the asset and runs the checks, once, when all headers are
// known.
func (r *Ruling) Settle() {
	if r.settled {
		return
	}
	r.settled = true
	p := r.policy
	r.path = plain(r.path[:0], r.raw)
	r.choose()
	r.check()
	for i := 0; i < len(p.always); i++ {
		if r.applies(p.always[i]) {
			r.note(p.always[i], 0)
		}
	}
}

// choose finds the asset by the path as a server resolves it and, if that
// differs, by the path as sent; of two the stricter holds.
func (r *Ruling) choose() {
	p := r.policy
	if r.contradiction {
		r.asset = p.strictest
		r.rules = p.assets[p.strictest]
		return
	}
	n := p.sites.find(r.host, r.path)
	if n < 0 {
		n = 0
	}
	if p.byPath && string(r.raw) != string(r.path) {
		m := p.sites.find(r.host, r.raw)
		if m < 0 {
			m = 0
		}
		if p.assets[m].stricter(p.assets[n]) {
			n = m
		}
	}
	r.asset = n
	r.rules = p.assets[n]
}
