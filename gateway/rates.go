package gateway

import (
	"strconv"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/policy"
)

// RateLimits is the reason of a verdict that a rate limit decided, and the
// protection of its violation.
const RateLimits = "rateLimits"

// Rates counts requests against the rate limits of a policy, in this process. A
// nil Rates has none. It is safe for concurrent use.
type Rates struct{ limiter *policy.Limiter }

// NewRates makes the Rates of a policy, nil if it has no rate limits. seed should
// be hard to guess, see policy.Policy.NewLimiter.
func NewRates(p *policy.Policy, seed uint64) *Rates {
	if p == nil {
		return nil
	}
	l := p.NewLimiter(seed)
	if l == nil {
		return nil
	}
	return &Rates{limiter: l}
}

// Take counts a request once its headers are known: v is the verdict that
// EndHeaders gave, source the client's address. It returns the limit that is
// exceeded, if any; requests of assets in mode off are not counted.
func (r *Rates) Take(v *core.Verdict, method, uri, source string, now time.Time) policy.Overrun {
	if r == nil || v.Mode == Off {
		return policy.Overrun{}
	}
	return r.limiter.Take(v.Asset, method, uri, source, now)
}

// Exceed adds a limit that is exceeded to a verdict, for Decide and the event;
// each verdict of a request needs it once. What the model blocks keeps its
// reason.
func Exceed(v *core.Verdict, over policy.Overrun) {
	if over.Name == "" {
		return
	}
	n := len(v.Violations)
	v.Violations = append(v.Violations[:n:n], policy.Violation{Protection: RateLimits, Detail: over.Name, Prevent: over.Prevent})
	if v.Action != core.Block {
		v.Reason = RateLimits
	}
}

// RetryAfter adds when the client may come again, in whole seconds.
func (r *Refusal) RetryAfter(wait time.Duration) {
	r.add("Retry-After", strconv.FormatInt(int64(wait/time.Second)+1, 10))
}
