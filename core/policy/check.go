package policy

import "strconv"

// check runs the checks of the asset on what the headers say.
func (r *Ruling) check() {
	s := &r.rules.Settings
	if r.rules.off {
		return
	}
	p := &s.Protections
	if active(p.Methods.Mode) && !r.rules.methods[string(r.method)] {
		r.violate("methods", clip(string(r.method)), p.Methods.Mode == "prevent")
	}
	if active(p.Addresses.Mode) && r.sourced {
		if r.rules.deny.contains(r.source) || !r.rules.allowAll && !r.rules.allow.contains(r.source) {
			r.violate("addresses", r.source.String(), p.Addresses.Mode == "prevent")
		}
	}
	if active(p.Geo.Mode) && r.sourced && r.policy.country != nil {
		if at := r.policy.country(r.source); at != "" && (r.rules.notFrom[at] || r.rules.from != nil && !r.rules.from[at]) {
			r.violate("geo", at, p.Geo.Mode == "prevent")
		}
	}
	if active(p.CSRF.Mode) && r.crossSite() {
		r.violate("csrf", clip(string(r.origin)), p.CSRF.Mode == "prevent")
	}
	l := &s.Limits
	block := l.OverLimit == "block"
	if l.URLBytes > 0 && len(r.uri) > l.URLBytes {
		r.violate("limits", "urlBytes "+strconv.Itoa(len(r.uri)), block)
	}
	if l.HeaderBytes > 0 && r.headerBytes > l.HeaderBytes {
		r.violate("limits", "headerBytes "+strconv.Itoa(r.headerBytes), block)
	}
}

func active(mode string) bool { return mode == "prevent" || mode == "detect" }

// clip bounds what a client wrote for use in a Detail.
func clip(s string) string {
	if len(s) > 80 {
		return s[:80]
	}
	return s
}

func (r *Ruling) violate(protection, detail string, prevent bool) {
	r.violations = append(r.violations, Violation{Protection: protection, Detail: detail, Prevent: prevent})
}

// OverLimit notes that a limit of the inspection was met, by its key.
func (r *Ruling) OverLimit(key string, block bool) {
	for i := 0; i < len(r.violations); i++ {
		if r.violations[i].Protection == "limits" && r.violations[i].Detail == key {
			return
		}
	}
	if block && !r.rules.off {
		r.violate("limits", key, true)
	}
}

// crossSite follows what browsers say about where a request comes from: the
// Fetch Metadata header, or, in browsers that lack it, Origin. A client that
// sends neither is no browser.
func (r *Ruling) crossSite() bool {
	switch string(r.method) {
	case "GET", "HEAD", "OPTIONS":
		return false
	}
	if r.rules.origins[string(r.origin)] {
		return false
	}
	switch string(r.fetchSite) {
	case "same-origin", "none":
		return false
	case "":
	default:
		return true
	}
	if len(r.origin) == 0 {
		return false
	}
	for i := 0; i+2 < len(r.origin); i++ {
		if r.origin[i] == ':' && r.origin[i+1] == '/' && r.origin[i+2] == '/' {
			return string(r.origin[i+3:]) != string(r.host)
		}
	}
	return true
}

// LeastDepth is the smallest limits.depth of any asset, 0 if none sets one.
func (p *Policy) LeastDepth() int {
	least := 0
	for i := 0; i < len(p.assets); i++ {
		if d := p.assets[i].Settings.Limits.Depth; d > 0 && (least == 0 || d < least) {
			least = d
		}
	}
	return least
}

// Body returns how many bytes of a body of that media type are inspected, 0
// for the engine's own limit, and whether a longer one is refused.
func (r *Rules) Body(mediaType []byte) (int, bool) {
	b := r.bodies[bodyKind(mediaType)]
	return b.bytes, b.block
}

// bodyKind sorts a Content-Type.
func bodyKind(mediaType []byte) int {
	var fold [64]byte
	n := 0
	for n < len(mediaType) && n < len(fold) && mediaType[n] != ';' && mediaType[n] != ' ' {
		c := mediaType[n]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		fold[n] = c
		n++
	}
	t := fold[:n]
	if ends(t, "/json") || ends(t, "+json") || ends(t, "/x-ndjson") || ends(t, "/graphql") {
		return bodyJSON
	}
	if ends(t, "/xml") || ends(t, "+xml") {
		return bodyXML
	}
	if ends(t, "/x-www-form-urlencoded") {
		return bodyForm
	}
	if begins(t, "multipart/") {
		return bodyMultipart
	}
	if begins(t, "text/") {
		return bodyText
	}
	if begins(t, "image/") || begins(t, "video/") || begins(t, "audio/") || begins(t, "font/") || ends(t, "/octet-stream") ||
		ends(t, "/pdf") || ends(t, "zip") {
		return bodyBinary
	}
	return bodyOther
}

func ends(b []byte, with string) bool {
	return len(b) >= len(with) && string(b[len(b)-len(with):]) == with
}

func begins(b []byte, with string) bool { return len(b) >= len(with) && string(b[:len(with)]) == with }
