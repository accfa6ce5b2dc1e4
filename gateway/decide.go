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
	// ActionDetect: would have been refused but for a mode: the gateway's, the
	// asset's or that of a check beside the model.
	ActionDetect Action = "detect"
	// ActionReject: refused for another reason than what the request contains:
	// beyond a rate limit; in a proxy also too long, going in circles.
	ActionReject Action = "reject"
	// ActionFailOpen and ActionFailClosed: not inspected (to the end).
	ActionFailOpen   Action = "fail_open"
	ActionFailClosed Action = "fail_closed"
)

// Decide says what is to be done with a request in view of what is known so
// far. fault is why it could not be inspected, one of policy.Faults, "" if it
// could. A Block found before a fault stands. With a policy, a request is refused
// only if the settings and its asset are both in mode Prevent, and the policy
// says which faults refuse.
func Decide(s *Settings, v *core.Verdict, fault string) Action {
	prevent := s.Mode == Prevent && (v.Mode == "" || v.Mode == Prevent)
	if v.Action == core.Block {
		if prevent {
			return ActionBlock
		}
		return ActionDetect
	}
	limited, watched := objections(v)
	if limited && prevent {
		return ActionReject
	}
	if fault == "" {
		if limited || watched {
			return ActionDetect
		}
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

// objections says whether a request is beyond a rate limit that refuses, and
// whether a check or a limit that only watches objects to it. What is over the
// limits of the inspection and may pass is no objection.
func objections(v *core.Verdict) (limited, watched bool) {
	limited, watched = false, false
	for i := 0; i < len(v.Violations); i++ {
		x := &v.Violations[i]
		if x.Prevent && x.Protection == RateLimits {
			limited = true
		}
		if !x.Prevent && x.Protection != "limits" {
			watched = true
		}
	}
	return limited, watched
}

// Refuses says whether an action keeps the request from the upstream.
func (a Action) Refuses() bool {
	return a == ActionBlock || a == ActionFailClosed || a == ActionReject
}
