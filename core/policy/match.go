package policy

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	maxValue  = 4096 // bytes of a value that a value pattern looks at
	maxRegexp = 1024 // bytes of a regular expression
	maxRules  = 10000
)

// The precedence of actions.
const (
	rankBlock = iota
	rankAllow
	rankSkip
	rankLogOnly
)

// exception is a compiled Exception.
type exception struct {
	applied, idle int64 // first, for the alignment that atomic needs

	id      string
	rank    int
	expired bool

	// of the evidence
	places     []*place
	families   map[string]bool
	indicators map[string]bool
	value      *regexp.Regexp

	// of the request
	assets  map[int]bool
	globs   []*pattern
	methods map[string]bool
	sources spans
	sourced bool
	headers []int // conditions, all of which must hold
}

// headerCondition is a header that some exception asks for.
type headerCondition struct {
	name  string // lower case
	value *regexp.Regexp
}

// local says whether the exception depends on evidence.
func (e *exception) local() bool {
	return len(e.places) > 0 || e.families != nil || e.indicators != nil || e.value != nil
}

// whole compiles a regular expression that must match the whole of a text.
func whole(text string) (*regexp.Regexp, error) {
	if len(text) > maxRegexp {
		return nil, errors.New("regular expression longer than 1024 bytes")
	}
	if _, err := regexp.Compile(text); err != nil {
		return nil, err
	}
	return regexp.Compile(`\A(?s:` + text + `)\z`)
}

func (c *compiler) exceptions() {
	seen := map[string]bool{}
	if len(c.doc.Exceptions) > maxRules {
		c.problems.add("exceptions", "more than 10000")
		return
	}
	for i := 0; i < len(c.doc.Exceptions); i++ {
		x := &c.doc.Exceptions[i]
		at := index("exceptions", i)
		c.name(at+".id", x.ID, seen)
		e := c.exception(at, x)
		n := len(c.p.exceptions)
		c.p.exceptions = append(c.p.exceptions, e)
		if e.local() {
			c.p.local = append(c.p.local, n)
		} else if e.rank == rankBlock {
			c.p.always = append(c.p.always, n)
		} else if e.rank == rankAllow {
			c.p.blanket = append(c.p.blanket, n)
		} else {
			c.p.local = append(c.p.local, n)
		}
	}
}

func (c *compiler) exception(at string, x *Exception) *exception {
	e := &exception{id: x.ID, rank: rankSkip}
	c.oneOf(at+".action", x.Action, "skip allow block log-only")
	switch x.Action {
	case ActionBlock:
		e.rank = rankBlock
	case ActionAllow:
		e.rank = rankAllow
	case ActionLogOnly:
		e.rank = rankLogOnly
	}
	e.places = c.allPlaces(at, x)
	for i := 0; i < len(x.Families); i++ {
		c.oneOf(index(at+".families", i), x.Families[i], familyNames)
	}
	e.families = set(x.Families)
	e.indicators = set(x.Indicators)
	e.methods = set(x.Methods)
	if x.Value != "" {
		re, err := whole(x.Value)
		if err != nil {
			c.problems.add(at+".value", err.Error())
		}
		e.value = re
	}
	if len(x.Assets) > 0 {
		e.assets = map[int]bool{}
		numbers := c.assetNames(at+".assets", x.Assets)
		for i := 0; i < len(numbers); i++ {
			e.assets[numbers[i]] = true
		}
	}
	e.globs = c.patterns(at+".paths", x.Paths, "/")
	e.sources = c.spans(at+".sources", x.Sources)
	e.sourced = len(x.Sources) > 0
	for i := 0; i < len(x.Headers); i++ {
		c.headerCondition(index(at+".headers", i), &x.Headers[i], e)
	}
	c.expiry(at+".expires", x.Expires, e)
	if x.Value == "" && len(x.Locations)+len(x.JSONPaths)+len(x.Families)+len(x.Indicators)+
		len(x.Assets)+len(x.Paths)+len(x.Methods)+len(x.Sources)+len(x.Headers) == 0 {
		c.problems.add(at, "no condition: it would hold for every request")
	}
	return e
}

const familyNames = "sqli xss cmdi traversal ssrf template code xxe nosqli ldap deserialization protocol scanner"

func set(in []string) map[string]bool {
	if len(in) == 0 {
		return nil
	}
	m := map[string]bool{}
	for i := 0; i < len(in); i++ {
		m[in[i]] = true
	}
	return m
}

// headerCondition adds a condition on a header; equal ones are shared.
func (c *compiler) headerCondition(at string, h *HeaderValue, e *exception) {
	if h.Name == "" {
		c.problems.add(at+".name", "is required")
		return
	}
	cond := headerCondition{name: strings.ToLower(h.Name)}
	if h.Value != "" {
		re, err := whole(h.Value)
		if err != nil {
			c.problems.add(at+".value", err.Error())
			return
		}
		cond.value = re
	}
	e.headers = append(e.headers, len(c.p.headers))
	c.p.headers = append(c.p.headers, cond)
}

// ParseExpiry reads a day, whose end in UTC it is, or a time of RFC 3339.
func ParseExpiry(text string) (time.Time, error) {
	if t, err := time.Parse("2006-01-02", text); err == nil {
		return t.AddDate(0, 0, 1), nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, errors.New(strconv.Quote(text) + ": want a day such as 2027-03-31, or a time such as 2027-03-31T12:00:00Z")
	}
	return t, nil
}

func (c *compiler) expiry(at, text string, e *exception) {
	if text == "" {
		return
	}
	t, err := ParseExpiry(text)
	if err != nil {
		c.problems.add(at, err.Error())
		return
	}
	e.expired = !t.After(c.now)
	if !e.expired && (c.p.next.IsZero() || t.Before(c.p.next)) {
		c.p.next = t
	}
}

// Count is what an exception did since the policy was loaded.
type Count struct {
	// ID of the exception.
	ID string
	// Applied is how many verdicts it changed: without it the request would have
	// been blocked, or passed if its action is block. Idle is how often it
	// matched without any difference. One that is only ever idle is no longer
	// needed: model or learned profile suffice.
	Applied, Idle int64
	// Expired is set when it no longer holds; Idle then counts what it would
	// have matched.
	Expired bool
}

// Counts returns the counters of all exceptions, in the order of the document.
func (p *Policy) Counts() []Count {
	out := make([]Count, len(p.exceptions))
	for i := 0; i < len(out); i++ {
		e := p.exceptions[i]
		out[i] = Count{ID: e.id, Applied: atomic.LoadInt64(&e.applied), Idle: atomic.LoadInt64(&e.idle), Expired: e.expired}
	}
	return out
}

// Carry adds the counters of the policy that this one replaces.
func (p *Policy) Carry(old *Policy) {
	was := map[string]*exception{}
	for i := 0; i < len(old.exceptions); i++ {
		was[old.exceptions[i].id] = old.exceptions[i]
	}
	for i := 0; i < len(p.exceptions); i++ {
		e := p.exceptions[i]
		if o := was[e.id]; o != nil {
			atomic.AddInt64(&e.applied, atomic.LoadInt64(&o.applied))
			atomic.AddInt64(&e.idle, atomic.LoadInt64(&o.idle))
		}
	}
}
