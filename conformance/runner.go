package conformance

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/core"
)

// Outcome is how a case ended.
type Outcome string

// The outcomes. Besides OK and Failed they are the kinds of deviations, and
// Refused also where the case allows it.
const (
	OK     Outcome = "ok"
	Failed Outcome = "failed"
)

// Result is one case's outcome. Detail is the reason of whatever is not OK;
// for an OK it is "" or a note.
type Result struct {
	Case    string  `json:"case"`
	Group   string  `json:"group"`
	Outcome Outcome `json:"outcome"`
	Detail  string  `json:"detail,omitempty"`
}

// Runner brings single cases to a running target. Instance is required. It is
// not safe for concurrent use.
type Runner struct {
	Instance Instance
	// Backend is the upstream; nil if another one answers, so that what arrives
	// there is not compared.
	Backend *Backend
	// NoEvents says that the target's events cannot be had, so that only
	// answers and the upstream's view are compared.
	NoEvents bool
	// View is a Viewer's; nil means that the engine sees what was sent.
	View func(core.Request) core.Request
	// HandedOn is a Rewriter's; nil means that what the engine sees is handed on.
	HandedOn func(core.Request) core.Request
	// Deviations of the target.
	Deviations []Deviation
	// Policy is in force; nil for none. Run wants cases of that policy.
	Policy *Policy

	sent   int
	silent int // events that did not come
	salt   string
}

// Run sends the case and compares everything that can be compared.
func (r *Runner) Run(ctx context.Context, c *Case) Result {
	res := Result{Case: c.Name(), Group: c.Group, Outcome: OK}
	d := deviation(r.Deviations, c)
	if d != nil && d.Kind == Skipped {
		res.Outcome, res.Detail = Outcome(Skipped), d.Reason
		return res
	}
	m := c.Message(r.nextID())
	o := r.observe(ctx, m)
	switch {
	case o.err != nil:
		res.Outcome, res.Detail = Failed, o.err.Error()
	case d != nil && d.Kind == Refused:
		if res.Outcome, res.Detail = Outcome(Refused), d.Reason; o.action != Refuse {
			res.Outcome, res.Detail = Failed, fmt.Sprintf("%s instead of the deviation: %s", o.text(), d.Reason)
		}
	default:
		if res.Detail = r.judge(c, m, o, d != nil); res.Detail != "" {
			res.Outcome = Failed
		} else if o.action == Refuse && c.Expect.Action != Refuse {
			res.Outcome, res.Detail = Outcome(Refused), "the case leaves it to the gateway: "+o.short()
		} else if d != nil {
			res.Outcome, res.Detail = Outcome(d.Kind), d.Reason
		} else if c.Expect.Miss != "" {
			res.Detail = "known miss: " + c.Expect.Miss
			if o.action == c.Expect.Action {
				res.Detail = "no longer a miss: take the mark off"
			}
		}
	}
	return res
}

// nextID makes a request id that is unique among runs on one gateway.
func (r *Runner) nextID() string {
	if r.salt == "" {
		r.salt = fmt.Sprintf("%x", time.Now().UnixNano())
	}
	r.sent++
	return fmt.Sprintf("conf-%s-%06d", r.salt, r.sent)
}

// observation is what became of one message.
type observation struct {
	action   Action // Pass, Block or Refuse
	answer   *Answer
	event    Event
	hasEvent bool
	seen     Seen
	reached  bool // the backend got something
	err      error
}

func (o *observation) text() string {
	if o.answer.Status == 0 {
		return o.short()
	}
	text, _, _ := strings.Cut(string(o.answer.Body), "\n")
	return o.short() + " " + clip(text)
}

func (o *observation) short() string {
	if o.answer.Status == 0 {
		return "the connection ended without an answer"
	}
	return fmt.Sprintf("status %d", o.answer.Status)
}

// refusals are what gateways answer themselves; of an unknown upstream any
// other status shows that the request got there.
var refusals = map[int]bool{0: true, 400: true, 403: true, 408: true, 411: true, 413: true, 414: true, 417: true, 426: true, 431: true,
	501: true, 502: true, 503: true, 504: true, 505: true}

func (r *Runner) observe(ctx context.Context, m *Message) *observation {
	o := &observation{action: Refuse}
	if o.answer, o.err = r.Instance.Exchange(ctx, m); o.err != nil {
		return o
	}
	if r.Backend != nil {
		o.seen, o.reached = r.Backend.Seen(m.ID)
	}
	delivered := o.answer.Status == http.StatusOK && (o.answer.Direct || http.Header(o.answer.Header).Get(IDHeader) == m.ID)
	if r.Backend == nil && !o.answer.Direct {
		delivered = !refusals[o.answer.Status]
	}
	if !r.NoEvents {
		o.event, o.hasEvent = r.event(ctx, m.ID, delivered || o.answer.Status == http.StatusForbidden)
	}
	switch {
	case delivered:
		o.action = Pass
	case o.answer.Status == http.StatusForbidden && (r.NoEvents || o.hasEvent):
		o.action = Block
	}
	return o
}

// event waits for an event that must come, and only looks for any other. A
// target that sends none at all does not make every case wait.
func (r *Runner) event(ctx context.Context, id string, due bool) (Event, bool) {
	wait := eventWait
	if !due {
		wait = time.Millisecond
	} else if r.silent > 5 {
		wait /= 50
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	e, ok := r.Instance.Event(ctx, id)
	if due && !ok {
		r.silent++
	}
	return e, ok
}
