package inspection

import (
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/events/metrics"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/models/shadow"
)

// The causes of a failed inspection, in events, metrics and answers.
const (
	// FaultPanic: the engine fell over.
	FaultPanic = "panic"
	// FaultTimeout: the time budget was overdrawn.
	FaultTimeout = "timeout"
	// FaultOverload: too many requests were under inspection.
	FaultOverload = "overload"
	// FaultBody: the request could not be read to its end.
	FaultBody = "body"
)

// Inspection is one request under inspection. The calls follow the wire, as
// those of core.Transaction do; after a fault they do nothing. One goroutine
// uses it at a time. Close must be called.
type Inspection struct {
	s        *Service
	endpoint string
	tx       *core.Transaction // nil after the end or a fault
	verdict  core.Verdict
	copy     *shadow.Copy // for the second model; nil if it is not in the sample
	ended    bool
	fault    string
	settings *gateway.Settings
	terms    *gateway.Terms
	rates    *gateway.Rates
	over     policy.Overrun // the rate limit that is exceeded
	source   string
	skipped  int64
	fed      int64
	stage    metrics.Stage // that steps belong to
	spent    metrics.Spent
	held     bool // a slot
	began    time.Time
	parent   string // the traceparent header
}

// Begin starts an inspection; endpoint names the way the request came in,
// "inspect", "ext_proc", for metrics and events.
func (s *Service) Begin(endpoint string) *Inspection {
	a := s.active.Load()
	e := s.learned.Engine(a.engine)
	in := &Inspection{began: time.Now(), s: s, endpoint: endpoint, settings: &s.cfg.Settings, terms: a.terms, rates: a.rates}
	in.verdict.Model = e.Model()
	in.verdict.FailMode = in.terms.FailMode()
	select {
	case s.slots <- struct{}{}:
		in.held = true
		s.cfg.Metrics.inFlight.Inc()
	default:
		in.fault = FaultOverload
		return in
	}
	in.step(func() { in.tx = e.Begin() })
	in.copy = s.cfg.Shadow.Begin()
	return in
}

// step runs f under the guard. After a panic the transaction is in an unknown
// state: it is dropped, not returned to the pool.
func (in *Inspection) step(f func()) {
	started := time.Now()
	defer func() {
		in.spent[in.stage] += time.Since(started)
		if p := recover(); p != nil {
			in.fault, in.tx = FaultPanic, nil
			in.s.cfg.Log.Error("inspection panicked", slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
		} else if in.spent.Total() > in.s.cfg.Timeout && in.fault == "" {
			in.fault = FaultTimeout
		}
	}()
	f()
}

func (in *Inspection) live() bool { return in.tx != nil && in.fault == "" }

// place finds the asset of a request that is not inspected: whether it is refused
// depends on the asset's mode.
func (in *Inspection) place(uri string, headers []core.Header) {
	for i := range headers {
		if strings.EqualFold(headers[i].Name, "host") || headers[i].Name == ":authority" {
			in.verdict.Asset, in.verdict.Mode = in.terms.Asset(uri, headers[i].Value)
			return
		}
	}
}

// From tells the address that the gateway's peer has, with or without a port. It
// comes before Head, which finds the client behind the proxies that the policy
// trusts.
func (in *Inspection) From(address string) { in.source = address }

// Source returns the client's address as far as it is known.
func (in *Inspection) Source() string { return in.source }

// client finds the client's address.
func (in *Inspection) client(headers []core.Header) string {
	name := in.terms.Header()
	if name == "" || in.source == "" {
		return in.source
	}
	var lines []string
	for i := range headers {
		if strings.EqualFold(headers[i].Name, name) {
			lines = append(lines, headers[i].Value)
		}
	}
	return in.terms.Client(in.source, lines)
}

// Refusal is the answer for an action that refuses; accept is the request's
// Accept header, id its id.
func (in *Inspection) Refusal(a gateway.Action, accept, id string) gateway.Refusal {
	answer := in.terms.Refuse(a, in.verdict.Asset, accept, id)
	if a == gateway.ActionReject {
		answer.RetryAfter(in.over.Retry)
	}
	return answer
}

// Head shows request line and headers.
func (in *Inspection) Head(method, uri string, headers []core.Header) {
	if !in.live() {
		in.place(uri, headers)
		return
	}
	in.step(func() {
		in.source = in.client(headers)
		in.tx.Source(in.source)
		in.tx.RequestLine(method, uri)
		in.copy.Source(in.source)
		in.copy.RequestLine(method, uri)
		for i := range headers {
			if strings.EqualFold(headers[i].Name, "traceparent") {
				in.parent = headers[i].Value
			}
			in.tx.Header(headers[i].Name, headers[i].Value)
			in.copy.Header(headers[i].Name, headers[i].Value)
		}
		in.verdict = in.tx.EndHeaders()
	})
	in.count(method, uri)
}

// count counts the request against the rate limits, once.
func (in *Inspection) count(method, uri string) {
	v := in.verdict
	in.over = in.rates.Take(&v, method, uri, in.source, time.Now())
	if in.over.Name != "" {
		in.s.cfg.Metrics.limited(in.over.Name, in.over.Prevent && in.Prevents())
	}
}

// Retry is after how long a request beyond a rate limit may come again, 0 if it
// is not beyond one.
func (in *Inspection) Retry() time.Duration { return in.over.Retry }

// Body shows a piece of the body; it may be reused afterwards.
func (in *Inspection) Body(p []byte) {
	if !in.live() || len(p) == 0 {
		return
	}
	in.fed += int64(len(p))
	in.stage = metrics.Body
	in.copy.Body(p)
	in.step(func() { in.verdict = in.tx.Body(p) })
}

// End says that the body has ended, shows the trailers and takes the final
// verdict. Trailers may still follow by another End.
func (in *Inspection) End(trailers []core.Header) {
	if !in.live() {
		return
	}
	in.stage, in.ended = metrics.End, true
	in.step(func() {
		for i := range trailers {
			in.tx.Trailer(trailers[i].Name, trailers[i].Value)
			in.copy.Trailer(trailers[i].Name, trailers[i].Value)
		}
		in.verdict = in.tx.End()
	})
}

// release gives the transaction back.
func (in *Inspection) release() {
	if tx := in.tx; tx != nil {
		in.tx = nil
		in.step(tx.Close)
	}
}

// Skip counts n bytes of the request that the caller knows of and that are not
// going to be shown.
func (in *Inspection) Skip(n int64) {
	if n > 0 {
		in.skipped += n
	}
}

// Fail records why the request cannot be shown to its end; the first fault
// stands.
func (in *Inspection) Fail(fault string) {
	if in.fault == "" {
		in.fault = fault
	}
}

// Fault returns why the request could not be inspected, "" while all is well.
func (in *Inspection) Fault() string { return in.fault }

// Verdict returns what is known so far.
func (in *Inspection) Verdict() core.Verdict {
	v := in.verdict
	v.Uninspected += in.skipped
	gateway.Exceed(&v, in.over)
	return v
}

// Action returns what is to be done in view of what is known so far.
func (in *Inspection) Action() gateway.Action {
	v := in.Verdict()
	return gateway.Decide(in.settings, &v, in.fault)
}

// Observe says that the caller cannot refuse this request, whatever the mode.
func (in *Inspection) Observe() {
	only := *in.settings
	only.Mode = gateway.Detect
	in.settings = &only
}

// Prevents reports whether a verdict may refuse this request, by the settings
// and, once the headers were shown, by its asset.
func (in *Inspection) Prevents() bool {
	return in.settings.Mode == gateway.Prevent && (in.verdict.Mode == "" || in.verdict.Mode == gateway.Prevent)
}

// Close ends the inspection, counts it and, with a subject, reports it.
func (in *Inspection) Close(about *Subject) {
	in.observe(about)
	in.release()
	if in.held {
		in.held = false
		in.s.cfg.Metrics.inFlight.Dec()
		<-in.s.slots
	}
	action := in.Action()
	id := ""
	if about != nil {
		id = about.ID
	}
	in.copy.End(id, in.verdict, in.ended && in.fault == "")
	in.copy = nil
	in.s.cfg.Metrics.observe(in, action, id)
	if about != nil {
		in.report(about, action)
	}
}
