package kong

import (
	"crypto/rand"
	"encoding/hex"
	"strings"
	"sync/atomic"
	"time"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/core"
	declared "github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/gateway"
)

// process is what all events of a server share.
type process struct {
	cache    *cache
	counters *counters
	report   *reporter
	policies *policies
	// slots bounds the inspections that run at the same time, and with them
	// the memory of transactions.
	slots chan struct{}
	// held bounds the transactions kept while a body is on its way, so that
	// slow uploads cannot collect them.
	held    chan struct{}
	started time.Time
	// observer is "kong", or "kong/stock".
	observer string
	// agent takes part in learning; nil for not.
	agent *agent.Agent
	// usual is the entity with all defaults, whose model is the process's.
	usual atomic.Pointer[entity]
}

// exchange is one request under inspection, whichever server it came by. Its
// methods recover from panics of the inspection; one goroutine uses it at a
// time.
type exchange struct {
	*process
	entity  *entity
	rules   *rules
	head    head
	verdict core.Verdict
	over    declared.Overrun // the rate limit that is exceeded
	fault   string
	tx      transaction
	holds   bool // a place in held
	print   *fingerprint
	sum     key
	ended   bool
	// forwarded says that a proxy which the policy trusts has named the client.
	forwarded bool
}

func (p *process) begin(e *entity) exchange {
	r := e.rules.Load()
	return exchange{process: p, entity: e, rules: r, fault: r.fault, verdict: core.Verdict{Model: r.inspector.Model(), FailMode: r.terms.FailMode()}}
}

// guard ends the inspection after a panic. The transaction is then in an
// unknown state: it is dropped, not returned to its pool.
func (x *exchange) guard() {
	if p := recover(); p != nil {
		x.fail(faultPanic)
	}
}

// fail notes why the request could not be inspected to its end.
func (x *exchange) fail(fault string) {
	x.fault, x.tx, x.ended = fault, nil, true
}

// parse takes the request's head from the replies.
func (x *exchange) parse(replies *[headReplies]message, headers []core.Header) {
	defer x.guard()
	var ok bool
	if x.head, ok = parseHead(replies, headers); !ok {
		x.fail(faultProtocol)
	}
	peer := x.head.source
	x.head.source = x.client()
	x.forwarded = x.head.source != peer
}

// client is where the request came from: what Kong says by its trusted_ips, or
// who is behind the proxies that the policy trusts.
func (x *exchange) client() string {
	name := strings.ToLower(x.rules.terms.Header())
	if name == "" {
		return x.head.source
	}
	var lines []string
	for i := range x.head.headers {
		if x.head.headers[i].Name == name {
			lines = append(lines, x.head.headers[i].Value)
		}
	}
	return x.rules.terms.Client(x.head.source, lines)
}

// judgeHead judges request line and headers.
func (x *exchange) judgeHead() {
	defer x.guard()
	if x.fault != "" {
		return
	}
	defer x.limit()
	if len(x.head.headers) >= maxHeaders {
		x.fail(faultHeaders) // there may be more, which get_headers left out
	}
	body := x.head.announcesBody()
	if x.cache != nil && x.entity.Cache && x.fault == "" {
		x.print = x.cache.fingerprint()
		x.print.head(x.rules.generation^x.learned(), &x.head)
		if x.rules.terms != nil {
			x.print.body([]byte(x.head.source))
		}
		x.sum = x.print.sum(nil)
		if v, ok := x.remembered(); ok {
			x.verdict, x.ended = v, !body
			x.counters.hits.Add(1)
			return
		}
	}
	x.walkHead()
	if !body {
		x.end()
	}
	x.keep()
}

// limit counts the request against the rate limits.
func (x *exchange) limit() {
	x.over = x.rules.rates.Take(&x.verdict, x.head.method, x.head.target, x.head.source, time.Now())
}

// judged is the verdict with the rate limit that is exceeded.
func (x *exchange) judged() core.Verdict {
	v := x.verdict
	gateway.Exceed(&v, x.over)
	return v
}

// walkHead shows request line and headers to a new transaction.
func (x *exchange) walkHead() {
	x.tx = x.rules.inspector.Begin()
	x.tx.Source(x.head.source)
	x.tx.RequestLine(x.head.method, x.head.target)
	for i := range x.head.headers {
		x.tx.Header(x.head.headers[i].Name, x.head.headers[i].Value)
	}
	x.verdict = x.tx.EndHeaders()
}

// remembered is the verdict of the cache on what the fingerprint covers, unless
// the request is to be learned from: its record needs a transaction that has
// seen it.
func (x *exchange) remembered() (core.Verdict, bool) {
	v, ok := x.cache.find(x.sum)
	return v, ok && !x.learns(v.Asset)
}

// keep remembers the verdict on what the fingerprint covers, unless exceptions
// matched, which count their matches, or it would not be used (remembered).
func (x *exchange) keep() {
	if x.print != nil {
		x.counters.misses.Add(1)
		if len(x.verdict.Exceptions) == 0 && !x.learns(x.verdict.Asset) {
			x.cache.keep(x.sum, x.verdict)
		}
	}
}

// wantsBody says whether the body is to be looked at.
func (x *exchange) wantsBody() bool {
	return !x.ended && x.fault == "" && !x.action().Refuses() && x.head.announcesBody()
}

// pause frees what the wait for a body need not hold: beyond a bound the
// transaction, which then begins anew.
func (x *exchange) pause() {
	if x.tx == nil {
		return
	}
	select {
	case x.held <- struct{}{}:
		x.holds = true
	default:
		x.tx.Close()
		x.tx = nil
	}
}

func (x *exchange) resume() {
	if x.holds {
		<-x.held
		x.holds = false
	}
}

// judgeBody judges the body and ends the inspection.
func (x *exchange) judgeBody(b *rawBody) {
	defer x.guard()
	small := b.path == "" && b.excess == 0 && len(b.content) <= blockBytes
	if x.print != nil && small {
		x.print.body(b.content)
		x.sum = x.print.sum(x.sum[:0])
		if v, ok := x.remembered(); ok {
			x.verdict, x.ended = v, true
			x.counters.hits.Add(1)
			return
		}
	}
	if x.tx == nil {
		x.walkHead()
	}
	left, err := b.each(x.entity.MaxBodyBytes, func(block []byte) bool {
		x.verdict = x.tx.Body(block)
		return !x.action().Refuses()
	})
	if err != nil {
		x.fail(faultBody)
		return
	}
	x.end()
	x.verdict.Uninspected += left
	if small {
		x.keep()
	}
}

// end takes the final verdict.
func (x *exchange) end() {
	x.verdict, x.ended = x.tx.End(), true
}

// close frees everything. The exchange must not be used afterwards.
func (x *exchange) close() {
	defer func() { _ = recover() }() // a transaction that cannot be closed is left to the collector
	x.resume()
	if x.print != nil {
		x.cache.release(x.print)
		x.print = nil
	}
	if tx := x.tx; tx != nil {
		x.tx = nil
		x.observe(tx)
		tx.Close()
	}
}

// action is what is to be done in view of what is known so far.
func (x *exchange) action() gateway.Action {
	v := x.judged()
	return gateway.Decide(&x.entity.Settings.Settings, &v, x.fault)
}

// outcome is what becomes of a request.
type outcome struct {
	action gateway.Action
	// id is the request id; made says that it is not the client's. It is empty
	// when nothing is reported and nobody asks for it.
	id   string
	made bool
	// sets says that the id is to be written into the request and the answer:
	// where nothing is to be altered, it is not.
	sets bool
	// refusal is the client's answer when the action refuses.
	refusal gateway.Refusal
}

// decide counts and reports the request.
func (x *exchange) decide() outcome {
	o := outcome{action: x.action()}
	x.counters.count(o.action, x.fault, x.verdict.Uninspected)
	x.verdict = x.judged()
	reports := gateway.Reports(x.rules.terms.Log(x.entity.Log), o.action, &x.verdict)
	if !reports && !o.action.Refuses() {
		return o
	}
	if o.id = x.head.get(x.entity.idKey); !gateway.KeepID(o.id) {
		o.id, o.made = newID(), true
		o.sets = x.entity.Mode == gateway.Prevent && (x.verdict.Mode == "" || x.verdict.Mode == gateway.Prevent)
	}
	if o.action.Refuses() {
		o.refusal = x.rules.terms.Refuse(o.action, x.verdict.Asset, x.head.get("accept"), o.id)
		if o.action == gateway.ActionReject {
			o.refusal.RetryAfter(x.over.Retry)
		}
	}
	if reports {
		line := x.event(&o)
		if x.agent != nil && gateway.Reports(gateway.LogFindings, o.action, &x.verdict) {
			x.agent.Event(line)
		}
		x.report.line(line)
	}
	return o
}

// The bounds on what an event quotes of the request.
const (
	shownPath   = 512
	shownHost   = 128
	shownMethod = 32
)

func (x *exchange) event(o *outcome) []byte {
	e := gateway.Event{Time: stamp(), ID: o.id, Gateway: x.observer, Source: x.head.source,
		Method: shown(x.head.method, shownMethod), Host: shown(x.head.get("host"), shownHost), Path: shown(x.head.path(), shownPath),
		Action: o.action, Fault: x.fault, Verdict: x.verdict}
	return e.Append(make([]byte, 0, 768))
}

// newID makes a request id of 128 random bits.
func newID() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
