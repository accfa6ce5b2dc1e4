package proxy

import "github.com/glacis-waf/glacis/gateway"

// actionReject: refused for another reason than what the request contains: too
// long, a loop, a method that makes no sense here. Only a proxy has it; the
// other actions are the gateway package's.
const actionReject gateway.Action = "reject"

// decide says what is to be done with a request in view of what is known so
// far.
func (c *Config) decide(r result) gateway.Action {
	return gateway.Decide(&gateway.Settings{Mode: string(c.Mode), FailMode: string(c.Fail)}, &r.Verdict, r.failure)
}
