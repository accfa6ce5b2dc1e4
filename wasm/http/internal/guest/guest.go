// Package guest inspects requests for a host of http-wasm guests.
//
// A host makes an instance for each request at a time and keeps it until the
// upstream has answered, so that an instance has one request at a time and shares
// nothing with others: no learning, no rate limits.
package guest

import (
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/wasm/http/internal/host"
)

// Name is the wrapper's in events.
const Name = "traefik/wasm"

// Guest is one instance of the module. One request uses it at a time.
type Guest struct {
	options
	host   host.Host
	engine *core.Engine
	terms  *gateway.Terms // nil without a policy
}

// New reads the host's configuration. An error begins with line and column, or
// with the name of the key at fault.
func New(h host.Host) (*Guest, error) {
	o, err := parseOptions(h.Config())
	if err != nil {
		return nil, err
	}
	g := &Guest{options: o, host: h, terms: gateway.NewTerms(o.policy)}
	g.Log = g.terms.Log(o.Log)
	if o.Mode == gateway.Off {
		return g, nil
	}
	g.engine, err = o.engine()
	return g, err
}

// Request inspects the host's request and reports whether it may go on. If not,
// the client has been answered.
func (g *Guest) Request() bool {
	if g.Mode == gateway.Off {
		return true
	}
	r := &request{g: g}
	r.guard(r.inspect)
	if r.tx != nil && r.fault != faultPanic {
		r.guard(r.tx.Close)
	}
	action := gateway.ActionPass
	r.guard(func() { action = r.conclude() })
	return !action.Refuses()
}
