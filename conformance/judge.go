package conformance

import (
	"fmt"
	"maps"
	"path"
	"strings"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// deviation returns the first deviation that names a case.
func deviation(list []Deviation, c *Case) *Deviation {
	for i := range list {
		if ok, err := path.Match(list[i].Cases, c.Name()); ok && err == nil {
			return &list[i]
		}
	}
	return nil
}

// judge returns "" or what is wrong with what became of a case. altered says
// that only the action counts.
func (r *Runner) judge(c *Case, m *Message, o *observation, altered bool) string {
	e := &c.Expect
	if altered && e.Action == Refuse && o.action == Pass {
		return ""
	}
	if !allowed(e, o.action) {
		return fmt.Sprintf("want %s, got %s: %s", e.Action, o.action, o.text())
	}
	if o.action != Pass && o.reached && o.seen.Complete {
		return fmt.Sprintf("answered with %s, but the upstream got the whole request", o.text())
	}
	if o.action == Refuse || altered {
		return ""
	}
	if o.action == Pass && !o.answer.Direct && r.Backend != nil {
		if !o.reached {
			return "answered 200, but the upstream got nothing"
		}
		if m.Request != nil {
			target := e.Target
			sent := *m.Request
			if r.View != nil || r.HandedOn != nil {
				// What the gateway did before the engine saw it, the upstream sees too.
				seen := through(r.HandedOn, through(r.View, sent))
				if seen.URI == o.seen.Target {
					target = o.seen.Target
				}
				sent.Headers = seen.Headers
			}
			if d := o.seen.differs(&sent, target); d != "" {
				return d
			}
		}
	}
	if r.NoEvents {
		return ""
	}
	return r.judgeEvent(e, m, o)
}

// through changes a request as a gateway does; a nil change is none.
func through(change func(core.Request) core.Request, r core.Request) core.Request {
	if change == nil {
		return r
	}
	return change(r)
}

// allowed says whether an action is as expected.
func allowed(e *Expect, got Action) bool {
	switch {
	case e.Miss != "":
		return got == Pass || got == Block
	case e.Action == PassOrRefuse:
		return got == Pass || got == Refuse
	case e.Action == BlockOrRefuse:
		return got == Block || got == Refuse
	}
	return got == e.Action
}

func (r *Runner) judgeEvent(e *Expect, m *Message, o *observation) string {
	switch {
	case !o.hasEvent:
		return "no event came"
	case o.event.Fault != "":
		return "the event says fault " + o.event.Fault
	case e.Uninspected && o.event.Uninspected == 0 && o.action == Pass:
		return "the event does not say that bytes were not inspected"
	}
	if m.Request != nil {
		if d := r.verdict(m.Request, &o.event); d != "" {
			return d
		}
	}
	if d := e.differsUnderPolicy(&o.event); d != "" {
		return d
	}
	if o.action != Block && e.Event != gateway.ActionDetect {
		return ""
	}
	if e.Family != "" && o.event.Family != e.Family {
		return fmt.Sprintf("family %s, want %s", o.event.Family, e.Family)
	}
	if got := o.event.Location; !located(got, e.Location) {
		return fmt.Sprintf("location %s, want %s", got, e.Location)
	}
	return ""
}

// differsUnderPolicy says what of an event is not what the case wants of the
// policy, "" if all is.
func (e *Expect) differsUnderPolicy(got *Event) string {
	switch {
	case e.Asset == "":
		return ""
	case got.Asset != e.Asset:
		return fmt.Sprintf("asset %s, want %s", got.Asset, e.Asset)
	case got.Reason != e.Cause:
		return fmt.Sprintf("reason %q, want %q", got.Reason, e.Cause)
	case e.Event != "" && got.Action != e.Event:
		return fmt.Sprintf("the event says %s, want %s", got.Action, e.Event)
	case !maps.Equal(got.Exceptions, e.Exceptions):
		return fmt.Sprintf("exceptions %v, want %v", got.Exceptions, e.Exceptions)
	}
	return ""
}

// verdict compares an event with the engine's verdict on what the target's
// engine sees.
func (r *Runner) verdict(request *core.Request, e *Event) string {
	sees := *request
	if r.View != nil {
		sees = r.View(sees)
	}
	text, err := compare(r.Policy, &sees, e)
	if err != nil {
		return err.Error()
	}
	return text
}

// located says whether a location is the expected one; without '#' that one
// stands for any decode chain.
func located(got, want string) bool {
	if want == "" || got == want {
		return true
	}
	if strings.Contains(want, "#") {
		return false
	}
	base, _, _ := strings.Cut(got, "#")
	return base == want || strings.HasPrefix(base, want+".") || strings.HasPrefix(base, want+"[")
}
