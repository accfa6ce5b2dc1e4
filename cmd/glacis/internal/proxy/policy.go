package proxy

import (
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/models/shadow"
)

// Active is an engine with the policy in it, if it has one, and what the proxy
// itself enforces of that policy: rate limits, answers, source and logging. It
// is immutable but for the counters of its limits.
type Active struct {
	engine *core.Engine
	policy *policy.Policy // nil for none
	rates  *gateway.Rates
	header string // where trusted proxies write the client's address
	level  string
}

// NewActive makes an Active of an engine. seed should be hard to guess, see
// policy.Policy.NewLimiter.
func NewActive(e *core.Engine, seed uint64) *Active {
	p := e.Policy()
	if p == nil {
		return &Active{engine: e}
	}
	doc := p.Document()
	a := &Active{engine: e, policy: p, rates: gateway.NewRates(p, seed), header: doc.Source.Header, level: doc.Logging.Level}
	if a.header == "" {
		a.header = "X-Forwarded-For"
	}
	return a
}

// Policies is an Inspector whose engine and policy can be replaced while
// requests are under way: each keeps what it began with. Set it before use.
type Policies struct {
	// Shadow scores beside the engine; nil for none. It must not be changed
	// once requests come.
	Shadow *shadow.Shadow
	// Learning gives every engine what was learned; nil for none.
	Learning *Learning

	current atomic.Pointer[Active]
}

// Set puts another engine and policy in force. If only the engine is another,
// the rate limits go on counting. One goroutine calls it at a time.
func (p *Policies) Set(a *Active) {
	if old := p.current.Load(); old != nil && old.policy == a.policy {
		a.rates = old.rates
	}
	p.current.Store(a)
}

// Model implements Inspector.
func (p *Policies) Model() string { return p.current.Load().engine.Model() }

// Begin implements Inspector.
func (p *Policies) Begin() Transaction {
	a := p.current.Load()
	return &ruled{p.Learning.engine(a.engine).Begin(), a, p.Shadow.Begin()}
}

// source is where a request came from: behind the proxies that the policy
// trusts, or else the peer.
func (a *Active) source(r *http.Request) string {
	if a == nil {
		return r.RemoteAddr
	}
	return a.policy.Source(r.RemoteAddr, r.Header.Values(a.header))
}

// identify notes the policy of the request and where it came from.
func (x *exchange) identify() {
	if t, ok := x.inspection.transaction().(*ruled); ok {
		x.copy = t.copy
		if t.active.policy != nil {
			x.active = t.active
			x.inspection.failMode(t.active.policy.FailMode())
		}
	}
	x.source = x.active.source(x.in)
}

// prevents says whether the traffic may be altered: by the settings, and by
// the request's asset, which is known once the headers were inspected.
func (x *exchange) prevents() bool {
	mode := x.inspection.result().Verdict.Mode
	return x.p.cfg.Mode == Prevent && (mode == "" || mode == gateway.Prevent)
}

// count counts the request against the rate limits.
func (x *exchange) count() {
	if x.active == nil {
		return
	}
	v := x.inspection.result().Verdict
	if x.over = x.active.rates.Take(&v, x.in.Method, x.in.RequestURI, x.source, time.Now()); x.over.Name != "" {
		x.p.cfg.Metrics.limited(x.over.Name, x.over.Prevent && x.prevents())
	}
}

// tooMany answers a request beyond a rate limit.
func (x *exchange) tooMany() {
	h := x.rec.Header()
	clear(h)
	x.earlyAnswer(h, time.Second)
	answer := gateway.Answer(http.StatusTooManyRequests, strings.Join(x.in.Header.Values("Accept"), ","), x.id)
	answer.RetryAfter(x.over.Retry)
	send(x.rec, x.in, answer, x.p.cfg.RequestIDHeader, x.id)
}

// block answers a request that its verdict refuses, as its asset's policy says.
func (x *exchange) block() {
	var response *policy.Response
	if x.active != nil {
		response = x.active.policy.Response(x.inspection.result().Asset)
	}
	if response == nil {
		x.answer(http.StatusForbidden)
		return
	}
	h := x.rec.Header()
	clear(h)
	x.earlyAnswer(h, time.Second)
	send(x.rec, x.in, gateway.Custom(response, strings.Join(x.in.Header.Values("Accept"), ","), x.id), x.p.cfg.RequestIDHeader, x.id)
}

// Engine returns the engine in force, without what was learned.
func (p *Policies) Engine() *core.Engine { return p.current.Load().engine }

// Policy returns the version of the policy in force, "" if there is none.
func (p *Policies) Policy() string {
	if a := p.current.Load(); a.policy != nil {
		return a.policy.Version()
	}
	return ""
}
