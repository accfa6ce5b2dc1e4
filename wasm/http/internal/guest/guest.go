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
	now    *request       // the one that is under inspection
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

// Begin inspects the head of the host's request and reports whether its body is
// to be read, piece by piece. What was left of the request before is forgotten:
// its client may have gone.
func (g *Guest) Begin() bool {
	g.now = nil
	if g.Mode == gateway.Off {
		return false
	}
	g.now = &request{g: g}
	more := false
	g.now.guard(func() { more = g.now.head() })
	return more
}

// Piece inspects the next piece of the body, has the host keep it for the
// upstream, and reports whether there is another to be read.
func (g *Guest) Piece(piece []byte, last bool) bool {
	more := false
	g.now.guard(func() { more = g.now.piece(piece, last) })
	return more
}

// Finish ends the inspection and reports whether the request may go on. If not,
// the client has been answered.
func (g *Guest) Finish() bool {
	r := g.now
	if r == nil {
		return true
	}
	g.now = nil
	if r.tx != nil && r.fault != faultPanic {
		r.guard(r.end)
	}
	action := gateway.ActionPass
	r.guard(func() { action = r.conclude() })
	return !action.Refuses()
}

// Request does all of it, for a host whose body does not fail amid a piece.
func (g *Guest) Request() bool {
	for more := g.Begin(); more; {
		more = g.Piece(g.host.Read())
	}
	return g.Finish()
}
