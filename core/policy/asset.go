package policy

import (
	"strconv"
	"strings"
	"time"
)

// The kinds of bodies, by the media type.
const (
	bodyOther = iota
	bodyJSON
	bodyXML
	bodyForm
	bodyMultipart
	bodyText
	bodyBinary
	bodyKinds
)

const bodyNames = "other json xml form multipart text binary"

// bodyRule is the limit of one kind of body.
type bodyRule struct {
	bytes int
	block bool
}

const defaultMethods = "GET HEAD POST PUT PATCH DELETE OPTIONS"

// inherit returns s with what it leaves open taken from b.
func (s Settings) inherit(b Settings) Settings {
	text(&s.Mode, b.Mode)
	text(&s.Learning, b.Learning)
	text(&s.Confidence, b.Confidence)
	text(&s.Response, b.Response)
	number(&s.Limits.URLBytes, b.Limits.URLBytes)
	number(&s.Limits.HeaderBytes, b.Limits.HeaderBytes)
	number(&s.Limits.BodyBytes, b.Limits.BodyBytes)
	number(&s.Limits.Depth, b.Limits.Depth)
	number(&s.Limits.Values, b.Limits.Values)
	text(&s.Limits.OverLimit, b.Limits.OverLimit)
	if len(s.Limits.Bodies) == 0 {
		s.Limits.Bodies = b.Limits.Bodies
	}
	p, q := &s.Protections, &b.Protections
	if p.Methods.Mode == "" {
		p.Methods = q.Methods
	}
	if p.Addresses.Mode == "" {
		p.Addresses = q.Addresses
	}
	if p.CSRF.Mode == "" {
		p.CSRF = q.CSRF
	}
	if p.OpenRedirect.Mode == "" {
		p.OpenRedirect = q.OpenRedirect
	}
	if p.ErrorDisclosure.Mode == "" {
		p.ErrorDisclosure = q.ErrorDisclosure
	}
	if p.SecurityHeaders.Mode == "" {
		p.SecurityHeaders = q.SecurityHeaders
	}
	if p.Geo.Mode == "" {
		p.Geo = q.Geo
	}
	return s
}

func text(p *string, inherited string) {
	if *p == "" {
		*p = inherited
	}
}

func number(p *int, inherited int) {
	if *p == 0 {
		*p = inherited
	}
}

// builtIn is what holds where nobody says anything.
func builtIn() Settings {
	return Settings{Mode: "prevent", Learning: "on", Confidence: "high", Limits: Limits{OverLimit: "pass"}}
}

func (c *compiler) assets() {
	d := c.doc
	p := c.p
	p.sites = newSites()
	p.owned = newSites()
	base := d.Defaults.inherit(builtIn())
	c.settings("defaults", &d.Defaults)
	p.assets = append(p.assets, c.rules("defaults", "default", base))
	c.names["default"] = 0
	seen := map[string]bool{"default": true}
	for i := 0; i < len(d.Assets); i++ {
		a := &d.Assets[i]
		at := index("assets", i)
		c.name(at+".name", a.Name, seen)
		s := a.settings()
		c.settings(at, &s)
		n := len(p.assets)
		c.names[a.Name] = n
		p.assets = append(p.assets, c.rules(at, a.Name, s.inherit(base)))
		c.place(at, a, n)
		if p.assets[n].stricter(p.assets[p.strictest]) {
			p.strictest = n
		}
	}
}

// place enters an asset's hosts and paths.
func (c *compiler) place(at string, a *Asset, n int) {
	hosts, prefixes := a.Hosts, a.Paths
	if len(hosts) == 0 && len(prefixes) == 0 {
		c.problems.add(at+".hosts", "an asset needs hosts or paths")
		return
	}
	if len(hosts) == 0 {
		hosts = []string{"*"}
	}
	if len(prefixes) == 0 {
		prefixes = []string{"/"}
	}
	for i := 0; i < len(hosts); i++ {
		c.own(hosts[i])
		tree, err := c.p.sites.add(hosts[i])
		if err != nil {
			c.problems.add(index(at+".hosts", i), strconv.Quote(hosts[i])+": "+err.Error())
			continue
		}
		for k := 0; k < len(prefixes); k++ {
			prefix := prefixes[k]
			if len(prefix) == 0 || prefix[0] != '/' || strings.ContainsAny(prefix, "*?#%;\\") || strings.Contains(prefix, "/.") {
				c.problems.add(index(at+".paths", k), strconv.Quote(prefix)+": want a plain prefix that begins with /, without wildcards and escapes")
				continue
			}
			if prefix != "/" {
				c.p.byPath = true
			}
			if other := c.p.sites.put(tree, prefix, n); other >= 0 && other != n {
				c.problems.add(at, hosts[i]+prefix+" belongs to asset "+strconv.Quote(c.p.assets[other].Name)+" already: this one would never be chosen for it")
			}
		}
	}
}

// settings checks the words and numbers of settings as written.
func (c *compiler) settings(at string, s *Settings) {
	c.oneOf(at+".mode", s.Mode, "prevent detect off")
	c.oneOf(at+".learning", s.Learning, "on off")
	c.oneOf(at+".confidence", s.Confidence, "medium high critical")
	if s.Response != "" {
		var known []string
		found := false
		for i := 0; i < len(c.doc.Responses); i++ {
			known = append(known, c.doc.Responses[i].Name)
			found = found || c.doc.Responses[i].Name == s.Response
		}
		if !found {
			c.problems.word(at+".response", "there is no response "+strconv.Quote(s.Response), s.Response, known)
		}
	}
	l := &s.Limits
	c.oneOf(at+".limits.overLimit", l.OverLimit, "pass block")
	if l.URLBytes < 0 || l.HeaderBytes < 0 || l.BodyBytes < 0 || l.Depth < 0 || l.Values < 0 {
		c.problems.add(at+".limits", "numbers must not be negative")
	}
	for i := 0; i < len(l.Bodies); i++ {
		b := &l.Bodies[i]
		here := index(at+".limits.bodies", i)
		if len(b.Kinds) == 0 {
			c.problems.add(here+".kinds", "is required")
		}
		for k := 0; k < len(b.Kinds); k++ {
			c.oneOf(index(here+".kinds", k), b.Kinds[k], bodyNames)
		}
		if b.Bytes <= 0 {
			c.problems.add(here+".bytes", "want a number above 0")
		}
		c.oneOf(here+".overLimit", b.OverLimit, "pass block")
	}
	c.protections(at+".protections", &s.Protections)
}

func (c *compiler) protections(at string, p *Protections) {
	names := []string{"methods", "addresses", "csrf", "openRedirect", "errorDisclosure", "securityHeaders", "geo"}
	modes := []string{p.Methods.Mode, p.Addresses.Mode, p.CSRF.Mode, p.OpenRedirect.Mode, p.ErrorDisclosure.Mode, p.SecurityHeaders.Mode, p.Geo.Mode}
	filled := []bool{len(p.Methods.Allow) > 0, len(p.Addresses.Allow)+len(p.Addresses.Deny) > 0, len(p.CSRF.TrustedOrigins) > 0,
		len(p.OpenRedirect.TrustedHosts) > 0, false, len(p.SecurityHeaders.Headers) > 0, len(p.Geo.Allow)+len(p.Geo.Deny) > 0}
	for i := 0; i < len(names); i++ {
		c.oneOf(at+"."+names[i]+".mode", modes[i], "prevent detect off")
		if filled[i] && modes[i] == "" {
			c.problems.add(at+"."+names[i]+".mode", "is required: without it the check is off")
		}
	}
	c.countries(at+".geo.allow", p.Geo.Allow)
	c.countries(at+".geo.deny", p.Geo.Deny)
	c.responseHeaders(at+".securityHeaders.headers", p.SecurityHeaders.Headers)
}

// rules compiles settings with everything inherited.
func (c *compiler) rules(at, name string, s Settings) *Rules {
	r := &Rules{Name: name, Settings: s, off: s.Mode == "off", learning: s.Learning != "off"}
	r.confidence = 2
	if s.Confidence == "medium" {
		r.confidence = 1
	}
	if s.Confidence == "critical" {
		r.confidence = 3
	}
	p := &s.Protections
	methods := p.Methods.Allow
	if len(methods) == 0 {
		methods = strings.Fields(defaultMethods)
	}
	r.methods = map[string]bool{}
	for i := 0; i < len(methods); i++ {
		r.methods[methods[i]] = true
	}
	r.allow = c.spans(at+".protections.addresses.allow", p.Addresses.Allow)
	r.deny = c.spans(at+".protections.addresses.deny", p.Addresses.Deny)
	r.allowAll = len(p.Addresses.Allow) == 0
	r.origins = map[string]bool{}
	for i := 0; i < len(p.CSRF.TrustedOrigins); i++ {
		o := p.CSRF.TrustedOrigins[i]
		scheme := strings.Index(o, "://")
		if scheme <= 0 || strings.ContainsAny(o[scheme+3:], "/?#") {
			c.problems.add(index(at+".protections.csrf.trustedOrigins", i), "want scheme://host[:port]")
		}
		r.origins[strings.ToLower(o)] = true
	}
	r.from = set(p.Geo.Allow)
	r.notFrom = set(p.Geo.Deny)
	r.answers = answerChecks(p)
	r.trusted = c.hosts(at+".protections.openRedirect.trustedHosts", p.OpenRedirect.TrustedHosts)
	known := strings.Fields(bodyNames)
	for k := 0; k < bodyKinds; k++ {
		r.bodies[k] = bodyRule{s.Limits.BodyBytes, s.Limits.OverLimit == "block"}
		for i := 0; i < len(s.Limits.Bodies); i++ {
			b := &s.Limits.Bodies[i]
			for m := 0; m < len(b.Kinds); m++ {
				if b.Kinds[m] == known[k] {
					r.bodies[k].bytes = b.Bytes
					if b.OverLimit != "" {
						r.bodies[k].block = b.OverLimit == "block"
					}
				}
			}
		}
	}
	return r
}

// strictness orders modes and confidences.
func (r *Rules) strictness() int {
	n := 3 - r.confidence
	if r.Settings.Mode == "prevent" {
		n += 8
	}
	if r.Settings.Mode == "detect" {
		n += 4
	}
	return n
}

func (r *Rules) stricter(than *Rules) bool { return r.strictness() > than.strictness() }

// Duration returns the window of a rate limit.
func (r *RateLimit) Duration() (time.Duration, error) {
	if r.Window == "" {
		return time.Minute, nil
	}
	d, err := time.ParseDuration(r.Window)
	if err == nil && d <= 0 {
		return 0, strconv.ErrRange
	}
	return d, err
}
