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
// With a policy, a request is refused only if the settings and its asset are
// both in mode Prevent, and the policy says which faults refuse.
func Decide(s *Settings, v *core.Verdict, fault string) Action {
	prevent := s.Mode == Prevent && (v.Mode == "" || v.Mode == Prevent)
	if v.Action == core.Block {
		if prevent {
			return ActionBlock
		}
		return ActionDetect
	}
	if fault == "" {
		return ActionPass
	}
	closed := s.FailMode == Closed
	if v.FailMode != nil {
		closed = v.FailMode.Closed(fault)
	}
	if prevent && closed {
		return ActionFailClosed
	}
	return ActionFailOpen
}

// Refuses says whether an action keeps the request from the upstream.
func (a Action) Refuses() bool { return a == ActionBlock || a == ActionFailClosed }
