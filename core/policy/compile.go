package policy

import (
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Policy is a compiled Document. It is immutable but for the counters of its
// exceptions, and safe for concurrent use.
type Policy struct {
	version    string
	assets     []*Rules // 0 is what belongs to no asset
	strictest  int
	sites      *sites
	owned      *sites // the hosts of all assets
	byPath     bool
	exceptions []*exception
	local      []int // exceptions that depend on evidence
	always     []int // exceptions of action block that do not
	blanket    []int // exceptions of action allow that do not
	headers    []headerCondition
	trusted    spans
	next       time.Time
	rates      []rateRule
	names      map[string]int // assets
	answers    map[string]*Response
	country    func(netip.Addr) string // nil for no database
	excluded   []*place
	discount   int // 0 for the default
	doc        *Document
}

// Rules are the settings of one asset with everything inherited.
type Rules struct {
	// Name of the asset, "default" for none.
	Name string
	// Settings with defaults filled in.
	Settings Settings

	off, learning bool
	confidence    int
	methods       map[string]bool
	allow, deny   spans
	allowAll      bool
	origins       map[string]bool
	from, notFrom map[string]bool // countries
	trusted       *sites          // where redirects may go
	answers       *Answers
	bodies        [bodyKinds]bodyRule
	redact        []*place
}

// compiler carries what the steps of Compile share.
type compiler struct {
	doc      *Document
	p        *Policy
	now      time.Time
	problems Problems
	lists    map[string]spans
	names    map[string]int // assets
}

// Compile checks a document whole and compiles it. now is the time by which
// exceptions have expired; compile again at Policy.NextExpiry. The error is a
// Problems.
func Compile(doc *Document, now time.Time) (*Policy, error) {
	c := &compiler{doc: doc, now: now, p: &Policy{doc: doc}, lists: map[string]spans{}, names: map[string]int{}}
	if doc.APIVersion != APIVersion {
		c.problems.word("apiVersion", "want "+APIVersion, doc.APIVersion, []string{APIVersion})
	}
	c.addressLists()
	c.responses()
	c.assets()
	c.exceptions()
	c.rateLimits()
	c.environment()
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	c.p.version = Version(doc)
	c.p.names = c.names
	return c.p, nil
}

// Version is the policy's name and short hash.
func (p *Policy) Version() string { return p.version }

// Document returns the document that was compiled. It must not be changed.
func (p *Policy) Document() *Document { return p.doc }

// Response returns how a refused request of an asset is answered, nil for the
// wrapper's own answer.
func (p *Policy) Response(asset string) *Response {
	n, ok := p.names[asset]
	if !ok {
		return nil
	}
	return p.answers[p.assets[n].Settings.Response]
}

// FailMode says what becomes of requests that could not be inspected.
func (p *Policy) FailMode() *FailMode { return &p.doc.FailMode }

// NextExpiry is when the next exception expires; the zero time if none does.
func (p *Policy) NextExpiry() time.Time { return p.next }

// oneOf reports a word that is not one of a list; "" is always right.
func (c *compiler) oneOf(path, word, list string) {
	if word == "" {
		return
	}
	known := strings.Fields(list)
	for i := 0; i < len(known); i++ {
		if known[i] == word {
			return
		}
	}
	c.problems.word(path, "unknown word "+strconv.Quote(word), word, known)
}

// name checks that a name is there and new.
func (c *compiler) name(path, name string, seen map[string]bool) {
	if name == "" {
		c.problems.add(path, "is required")
		return
	}
	if seen[name] {
		c.problems.add(path, strconv.Quote(name)+" is defined twice")
	}
	seen[name] = true
}

// keys lists the names in a set, for hints.
func keys(seen map[string]bool) []string {
	var out []string
	for name := range seen {
		out = append(out, name)
	}
	return out
}

func (c *compiler) responses() {
	seen := map[string]bool{}
	c.p.answers = map[string]*Response{}
	for i := 0; i < len(c.doc.Responses); i++ {
		r := &c.doc.Responses[i]
		at := index("responses", i)
		c.name(at+".name", r.Name, seen)
		c.p.answers[r.Name] = r
		if r.Status != 0 && (r.Status < 300 || r.Status > 599) {
			c.problems.add(at+".status", "want 300 to 599")
		}
		if r.Redirect != "" && r.Status != 302 && r.Status != 303 && r.Status != 307 {
			c.problems.add(at+".status", "a redirect needs 302, 303 or 307")
		}
		if r.Redirect == "" && r.Status >= 300 && r.Status < 400 {
			c.problems.add(at+".redirect", "is required with such a status")
		}
		if strings.ContainsAny(r.Redirect, "\r\n \t") {
			c.problems.add(at+".redirect", "blanks and line ends are not allowed")
		}
	}
}

func (c *compiler) rateLimits() {
	seen := map[string]bool{}
	for i := 0; i < len(c.doc.RateLimits); i++ {
		r := &c.doc.RateLimits[i]
		at := index("rateLimits", i)
		c.name(at+".name", r.Name, seen)
		c.oneOf(at+".mode", r.Mode, "prevent detect off")
		rule := rateRule{name: r.Name, prevent: r.Mode != "detect", methods: set(r.Methods)}
		numbers := c.assetNames(at+".assets", r.Assets)
		for k := 0; k < len(numbers); k++ {
			if rule.assets == nil {
				rule.assets = map[int]bool{}
			}
			rule.assets[numbers[k]] = true
		}
		rule.globs = c.patterns(at+".paths", r.Paths, "/")
		if r.Requests <= 0 {
			c.problems.add(at+".requests", "want a number above 0")
		}
		if r.Burst < 0 {
			c.problems.add(at+".burst", "must not be negative")
		}
		window, err := r.Duration()
		if err != nil {
			c.problems.add(at+".window", "want a duration above 0 such as 30s, 1m or 1h")
			continue
		}
		rule.perNano = float64(r.Requests) / float64(window)
		rule.burst = float64(r.Burst)
		if r.Burst == 0 {
			rule.burst = float64(r.Requests)
		}
		if r.Mode != "off" {
			c.p.rates = append(c.p.rates, rule)
		}
	}
}

// environment checks source, failMode, logging and learning.
func (c *compiler) environment() {
	d := c.doc
	c.p.trusted = c.spans("source.trustedProxies", d.Source.TrustedProxies)
	f := &d.FailMode
	names := append([]string{"default"}, strings.Fields(Faults)...)
	modes := []string{f.Default, f.Panic, f.Timeout, f.Sidecar, f.Config, f.Body, f.Overload, f.Busy, f.Headers, f.Host, f.Protocol}
	for i := 0; i < len(names); i++ {
		c.oneOf("failMode."+names[i], modes[i], "open closed")
	}
	c.oneOf("logging.level", d.Logging.Level, "blocked findings all off")
	redact := c.places("logging.redact", d.Logging.Redact)
	for i := 0; i < len(c.p.assets); i++ {
		c.p.assets[i].redact = redact
	}
	c.p.excluded = c.places("learning.exclude", d.Learning.Exclude)
	l := &d.Learning
	if l.MinSources < 0 || l.ForgetAfterDays < 0 || l.MaxDiscount < 0 || l.MaxBytes < 0 {
		c.problems.add("learning", "numbers must not be negative")
	}
	if l.MaxDiscount > maxDiscount {
		c.problems.add("learning.maxDiscount", "want at most 45: more is never taken off")
	}
	c.p.discount = l.MaxDiscount
	if l.MinSources > 0 && (l.MinSources < 8 || l.MinSources > 48) {
		c.problems.add("learning.minSources", "want 8 to 48: with fewer sources one attacker could teach")
	}
	if l.MaxBytes > 0 && l.MaxBytes < 1<<20 {
		c.problems.add("learning.maxBytes", "want at least 1048576")
	}
}

// Source returns the address that a peer's request came from: the peer itself,
// or, when the peer is a trusted proxy, the last address in the forwarding
// header's lines (in their order) that is not one. What is no address ends the
// search: the proxy that sent it is then the source.
func (p *Policy) Source(peer string, lines []string) string {
	a, ok := parseAddress(peer)
	if !ok {
		return peer
	}
	for i := len(lines) - 1; i >= 0 && p.trusted.contains(a); i-- {
		parts := strings.Split(lines[i], ",")
		for k := len(parts) - 1; k >= 0 && p.trusted.contains(a); k-- {
			next, ok := parseAddress(strings.TrimSpace(parts[k]))
			if !ok {
				return a.String()
			}
			a = next
		}
	}
	return a.String()
}
