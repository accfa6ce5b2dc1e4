package guest

import (
	"strings"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// plugin is one generation of a plugin configuration with its engine. It does
// not change: streams keep the one that they began with.
type plugin struct {
	options
	engine *core.Engine
	// terms is what the policy asks of the wrapper, nil without one.
	terms *gateway.Terms
	// agent is the root context's, nil without a sidecar.
	agent *agent
	// idHeader is RequestIDHeader, and forwarded the header that terms.Client
	// wants ("" for none), in the spelling of HTTP/2.
	idHeader, forwarded string
}

// newPlugin makes a generation with what the agent has got so far.
func newPlugin(o options, a *agent) (*plugin, error) {
	if a != nil && o.policy == nil {
		o.policy = a.policy
	}
	m := o.model
	if a != nil && a.tables != nil {
		m = a.tables
	}
	e, err := o.engine(m)
	if err != nil {
		return nil, err
	}
	if a.observing() {
		e = e.WithProfile(a.learned).WithObserve(core.ObserveAll)
	}
	p := &plugin{options: o, engine: e, agent: a, terms: gateway.NewTerms(o.policy), idHeader: strings.ToLower(o.RequestIDHeader)}
	p.Log = p.terms.Log(o.Log)
	p.forwarded = strings.ToLower(p.terms.Header())
	return p, nil
}

// root is a root context of the host: one plugin configuration.
type root struct {
	id      uint32
	options options // as configured
	current *plugin // nil until it is configured
	agent   *agent  // nil without a sidecar
}
