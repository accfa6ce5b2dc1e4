package agent

import (
	"sync"
	"sync/atomic"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/profile"
)

// Overlay gives an engine the profile of an agent and has it observe, whatever
// else replaces the engine meanwhile. The zero value belongs to no agent. It is
// safe for concurrent use.
type Overlay struct {
	// Agent is where profiles come from; nil for none. It is set before use.
	Agent   *Agent
	mu      sync.Mutex
	derived atomic.Pointer[derived]
}

type derived struct {
	base, engine *core.Engine
	profile      *profile.Profile
}

// Engine returns the engine to use in the place of base. As long as neither base
// nor profile change it is always the same.
func (o *Overlay) Engine(base *core.Engine) *core.Engine {
	if o == nil || o.Agent == nil {
		return base
	}
	p := o.Agent.Profile()
	if d := o.derived.Load(); d != nil && d.base == base && d.profile == p {
		return d.engine
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if d := o.derived.Load(); d != nil && d.base == base && d.profile == p {
		return d.engine
	}
	d := &derived{base: base, profile: p, engine: base.WithProfile(p).WithObserve(core.ObserveAll)}
	o.derived.Store(d)
	return d.engine
}
