package gateway

import "github.com/glacis-waf/glacis/core"

// Action is what a wrapper did with a request, as logs and metrics name it.
type Action string

// The actions.
const (
	// ActionPass: nothing to object to.
	ActionPass Action = "pass"
	// ActionBlock: refused because of the verdict.
	ActionBlock Action = "block"
	// ActionDetect: the verdict was Block but the mode let it through.
	ActionDetect Action = "detect"
	// ActionFailOpen and ActionFailClosed: not inspected (to the end).
	ActionFailOpen   Action = "fail_open"
	ActionFailClosed Action = "fail_closed"
)

// Decide says what is to be done with a request in view of what is known so
// far. fault is why it could not be inspected, "" if it could: "panic",
// "timeout", "sidecar", "config", "body". A Block found before a fault stands.
func Decide(s *Settings, v *core.Verdict, fault string) Action {
	if v.Action == core.Block {
		if s.Mode == Prevent {
			return ActionBlock
		}
		return ActionDetect
	}
	if fault == "" {
		return ActionPass
	}
	if s.Mode == Prevent && s.FailMode == Closed {
		return ActionFailClosed
	}
	return ActionFailOpen
}

// Refuses says whether an action keeps the request from the upstream.
func (a Action) Refuses() bool { return a == ActionBlock || a == ActionFailClosed }
