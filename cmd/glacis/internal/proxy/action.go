package proxy

import "github.com/glacis-waf/glacis/gateway"

// decide says what is to be done with a request in view of what is known so
// far.
func (c *Config) decide(r result) gateway.Action {
	return gateway.Decide(&gateway.Settings{Mode: string(c.Mode), FailMode: string(c.Fail)}, &r.Verdict, r.fault)
}
