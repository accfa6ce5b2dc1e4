package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	core "github.com/glacis-waf/glacis/core/policy"
)

// shadows reports exceptions that an earlier one makes useless: it has the same
// or a stronger action, does not expire earlier, and holds wherever they do. The
// same of rate limits, which are useless only if they count exactly the same.
func shadows(doc *core.Document, at positions) []Problem {
	var out []Problem
	scopes := make([]*core.Scope, len(doc.Exceptions))
	for i := range doc.Exceptions {
		scopes[i] = core.NewScope(&doc.Exceptions[i])
		for k := range i {
			if covers(&doc.Exceptions[k], &doc.Exceptions[i]) && scopes[k].Covers(scopes[i]) && !expiry(&doc.Exceptions[k]).Before(expiry(&doc.Exceptions[i])) {
				out = append(out, at.problem(fmt.Sprintf("exceptions[%d]", i),
					fmt.Sprintf("%q has no effect: %q holds wherever it does", doc.Exceptions[i].ID, doc.Exceptions[k].ID)))
				break
			}
		}
	}
	for i := range doc.RateLimits {
		for k := range i {
			if repeats(&doc.RateLimits[k], &doc.RateLimits[i]) {
				out = append(out, at.problem(fmt.Sprintf("rateLimits[%d]", i),
					fmt.Sprintf("%q has no effect: %q counts the same requests, as strictly", doc.RateLimits[i].Name, doc.RateLimits[k].Name)))
				break
			}
		}
	}
	return out
}

// repeats says whether b counts what a counts and never refuses or reports what
// a does not. A limit with other numbers or a wider scope is another one: its
// bucket fills at other times.
func repeats(a, b *core.RateLimit) bool {
	equal := func(a, b []string) bool { return wider(a, b) && wider(b, a) }
	scope := func(l *core.RateLimit) *core.Scope { return core.NewScope(&core.Exception{Paths: l.Paths}) }
	off := func(l *core.RateLimit) bool { return l.Mode == "off" }
	return !off(a) && !off(b) && (a.Mode != "detect" || b.Mode == "detect") && a.Requests == b.Requests &&
		window(a) == window(b) && burst(a) == burst(b) && equal(a.Assets, b.Assets) && equal(a.Methods, b.Methods) &&
		scope(a).Covers(scope(b)) && scope(b).Covers(scope(a))
}

// window is the length of a limit's window, as it is compiled.
func window(l *core.RateLimit) time.Duration {
	if d, err := time.ParseDuration(l.Window); err == nil {
		return d
	}
	return time.Minute
}

// burst is what may come at once.
func burst(l *core.RateLimit) int {
	if l.Burst > 0 {
		return l.Burst
	}
	return l.Requests
}

// rank orders actions as the engine does.
func rank(action string) int {
	switch action {
	case core.ActionBlock:
		return 0
	case core.ActionAllow:
		return 1
	case core.ActionLogOnly:
		return 3
	}
	return 2
}

// covers says whether a makes b useless, if its scope covers that of b and it
// expires no earlier. It compares words, and never errs by saying yes.
func covers(a, b *core.Exception) bool {
	if rank(a.Action) > rank(b.Action) || a.Value != "" && a.Value != b.Value {
		return false
	}
	for _, h := range a.Headers {
		found := false
		for _, g := range b.Headers {
			found = found || strings.EqualFold(h.Name, g.Name) && (h.Value == "" || h.Value == g.Value)
		}
		if !found {
			return false
		}
	}
	return wider(a.Assets, b.Assets) && wider(a.Methods, b.Methods) &&
		wider(a.Families, b.Families) && wider(a.Indicators, b.Indicators) && wider(a.Sources, b.Sources)
}

// wider says whether the list a, empty for everything, holds all of b.
func wider(a, b []string) bool {
	if len(a) == 0 {
		return true
	}
	for _, s := range b {
		if !slices.Contains(a, s) {
			return false
		}
	}
	return len(b) > 0
}

// expiry is when an exception expires; one that does not, far in the future.
func expiry(x *core.Exception) time.Time {
	if t, err := core.ParseExpiry(x.Expires); err == nil {
		return t
	}
	return time.Unix(1<<40, 0)
}
