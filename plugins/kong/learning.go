package kong

import (
	"strings"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/gateway"
)

// startAgent starts the client of a sidecar.
func startAgent(cfg agent.Config, state func() agent.State) (*agent.Agent, error) {
	cfg.Kind, cfg.Version, cfg.State = "kong", core.Version, state
	return agent.Start(cfg)
}

// blocked is the number of requests that were refused for their verdict.
func (c *counters) blocked() int64 { return c.of(gateway.ActionBlock) }

// learned tells profiles apart in the cache's keys, 0 without one.
func (x *exchange) learned() uint64 {
	if x.agent == nil {
		return 0
	}
	if p := x.agent.Profile(); p != nil {
		return profile.Hash([]byte(p.Version()))
	}
	return 0
}

// vote is that of the request's client.
func (x *exchange) vote() uint64 {
	d := x.agent.Identity()
	name := strings.ToLower(d.Source())
	var lines []string
	for i := range x.head.headers {
		if name != "" && x.head.headers[i].Name == name {
			lines = append(lines, x.head.headers[i].Value)
		}
	}
	return x.agent.Identified(x.head.source, x.forwarded, d.Find(lines))
}

// learns says whether the requests of an asset are observed. Every one counts: the
// cache must not hide those that come again.
func (x *exchange) learns(asset string) bool { return x.agent != nil && x.rules.terms.Learns(asset) }

// observe hands the record of a request to the agent. The plugin runs before
// there is an answer, so its status is not known.
func (x *exchange) observe(tx transaction) {
	o, ok := tx.(interface {
		AppendObservation(dst []byte, source uint64, status int) []byte
	})
	if !ok || !x.ended || x.fault != "" || !x.learns(x.verdict.Asset) {
		return
	}
	x.agent.Observe(o.AppendObservation(make([]byte, 0, 256), x.vote(), 0))
}
