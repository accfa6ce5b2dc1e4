package traefik

import (
	"net/http"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/gateway"
)

// rules are a policy and what it means to requests. They do not change; a
// request keeps those that it began with.
type rules struct {
	policy *policy.Policy // nil without one
	terms  *gateway.Terms // nil without one
	engine *core.Engine   // nil with engine sidecar
	text   string         // what the policy was read from
}

// newRules reads the policy of a configuration and makes the engine.
func newRules(o *options, text string, now time.Time) (*rules, error) {
	p, err := o.origin.compile(text, now)
	if err != nil {
		return nil, err
	}
	r := &rules{policy: p, terms: gateway.NewTerms(p), text: text}
	if o.engine == engineSidecar {
		return r, nil
	}
	level, _ := core.ParseConfidence(o.settings.Confidence)
	limits := core.DefaultLimits()
	limits.BodyBytes = o.embedded
	engine, err := core.New(core.Config{Confidence: level, Limits: limits, Policy: p, Interpreter: core.Interpreted()})
	if err != nil {
		return nil, err
	}
	r.engine = engine
	return r, nil
}

// rulesInterval is how often a policy is looked at again.
const rulesInterval = 2 * time.Second

// watch puts later versions of the policy in force until done is closed.
func (s *shared) watch(o *options, done chan struct{}) {
	if o.origin.remote {
		s.refresh(o, time.Now()) // for the first time
	}
	ticker := time.NewTicker(rulesInterval)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return
		case <-ticker.C:
			s.refresh(o, time.Now())
		}
	}
}

// refresh reads the policy anew if its file has changed or an exception has
// expired. A version that is wrong leaves the old one in force.
func (s *shared) refresh(o *options, now time.Time) {
	old := s.current()
	text, err := o.origin.load()
	var expiry time.Time
	if old.policy != nil {
		expiry = old.policy.NextExpiry()
	}
	if err == nil && text == old.text && (expiry.IsZero() || now.Before(expiry)) {
		s.trouble = ""
		return
	}
	var next *rules
	if err == nil {
		next, err = newRules(o, text, now)
	}
	if err == nil && next.policy == nil && !o.origin.remote {
		err = errNoPolicy
	}
	if err != nil {
		if err.Error() != s.trouble {
			s.trouble = err.Error()
			complain("the policy was not reloaded, " + named(old) + " stays in force: " + s.trouble)
		}
		return
	}
	if next.policy != nil && old.policy != nil {
		next.policy.Carry(old.policy)
	}
	s.mu.Lock()
	s.rules = next
	s.mu.Unlock()
	s.trouble = ""
	complain("policy " + named(next) + " is in force")
}

// named is the version of a policy, for people.
func named(r *rules) string {
	if r.policy == nil {
		return "none"
	}
	return r.policy.Version()
}

// current returns the rules in force.
func (s *shared) current() *rules {
	if s.fixed {
		return s.rules
	}
	s.mu.Lock()
	r := s.rules
	s.mu.Unlock()
	return r
}

// client is where a request came from, as far as this configuration knows.
func (r *rules) client(request *http.Request) string {
	header := r.terms.Header()
	if header == "" {
		return request.RemoteAddr
	}
	return r.terms.Client(request.RemoteAddr, request.Header.Values(header))
}

// compare complains, once for each, about a policy of the sidecar that is another
// one than the middleware's own, which then holds only while the sidecar is away.
func (s *shared) compare(own *rules, theirs string) {
	if own.policy == nil || theirs == own.policy.Version() {
		return
	}
	s.mu.Lock()
	known := s.theirs == theirs && s.compared
	s.theirs = theirs
	s.compared = true
	s.mu.Unlock()
	if known {
		return
	}
	if theirs == "" {
		theirs = "none"
	}
	complain("the sidecar decides by its own policy, " + theirs + ", and not by " + own.policy.Version())
}
