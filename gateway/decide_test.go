package gateway

import (
	"testing"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/policy"
)

func TestDecide(t *testing.T) {
	block, pass := core.Block, core.Pass
	closed := &policy.FailMode{Panic: Closed}
	cases := []struct {
		mode, fail string
		verdict    core.Verdict
		fault      string
		want       Action
	}{
		{Prevent, Open, core.Verdict{Action: pass}, "", ActionPass},
		{Prevent, Open, core.Verdict{Action: block}, "", ActionBlock},
		{Prevent, Open, core.Verdict{Action: block}, "timeout", ActionBlock},
		{Detect, Open, core.Verdict{Action: block}, "", ActionDetect},
		{Detect, Open, core.Verdict{Action: block, Mode: "prevent"}, "", ActionDetect},
		{Prevent, Open, core.Verdict{Action: block, Mode: "prevent"}, "", ActionBlock},
		{Prevent, Open, core.Verdict{Action: block, Mode: "detect"}, "", ActionDetect},
		{Prevent, Open, core.Verdict{}, "panic", ActionFailOpen},
		{Prevent, Closed, core.Verdict{}, "panic", ActionFailClosed},
		{Detect, Closed, core.Verdict{}, "panic", ActionFailOpen},
		{Prevent, Open, core.Verdict{FailMode: closed}, "panic", ActionFailClosed},
		{Prevent, Closed, core.Verdict{FailMode: closed}, "timeout", ActionFailOpen},
		{Prevent, Open, core.Verdict{FailMode: closed, Mode: "detect"}, "panic", ActionFailOpen},
	}
	for i := 0; i < len(cases); i++ {
		c := &cases[i]
		s := Settings{Mode: c.mode, FailMode: c.fail}
		if got := Decide(&s, &c.verdict, c.fault); got != c.want {
			t.Errorf("case %d: %s, want %s", i, string(got), string(c.want))
		}
	}
}

// TestEventPolicy checks what an event says about a policy's part.
func TestEventPolicy(t *testing.T) {
	e := Event{ID: "abcdefgh", Action: ActionBlock, Verdict: core.Verdict{Action: core.Block, Asset: "shop", Mode: "prevent", Reason: "methods",
		Policy: "p@1", Exceptions: []policy.Mark{{ID: "a\"", Effect: "idle"}, {ID: "b", Effect: "expired"}},
		Violations: []policy.Violation{{Protection: "methods", Detail: "TRACE", Prevent: true}}}}
	const want = `{"event.version":1,"event.id":"abcdefgh","event.action":"block","glacis.asset":"shop","glacis.mode":"prevent","glacis.reason":"methods",` +
		`"glacis.confidence":"none","glacis.score":0,"glacis.uninspected_bytes":0,"glacis.exceptions":{"a\"":"idle","b":"expired"},"glacis.violations":["methods TRACE"],"glacis.policy":"p@1"}`
	if got := string(e.Append(nil)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
