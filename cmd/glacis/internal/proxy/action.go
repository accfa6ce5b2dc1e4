package proxy

import "github.com/glacis-waf/glacis/core"

// The actions, as they appear in logs and metrics.
const (
	// actionPass: nothing to object to.
	actionPass = "pass"
	// actionBlock: refused because of the verdict.
	actionBlock = "block"
	// actionDetect: the verdict was Block, but the request went through because
	// of the mode, or because the upstream had answered before the end of it.
	actionDetect = "detect"
	// actionFailOpen and actionFailClosed: not inspected (to the end).
	actionFailOpen   = "fail_open"
	actionFailClosed = "fail_closed"
	// actionReject: refused for another reason than what the request contains:
	// too long, a loop, a method that makes no sense here.
	actionReject = "reject"
)

// decide says what is to be done with a request in view of what is known so
// far. A Block that was found before an inspection failed stands.
func (c *Config) decide(r result) string {
	switch {
	case r.Action == core.Block && c.Mode == Prevent:
		return actionBlock
	case r.Action == core.Block:
		return actionDetect
	case r.failure != "" && c.Mode == Prevent && c.Fail == FailClosed:
		return actionFailClosed
	case r.failure != "":
		return actionFailOpen
	}
	return actionPass
}

// refuses says whether an action keeps the request from the upstream.
func refuses(action string) bool { return action == actionBlock || action == actionFailClosed }
