package kong

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
)

// entity is what a configuration means to an event. It is shared by all
// instances with the same settings and does not change, but for its rules.
type entity struct {
	Settings
	rules atomic.Pointer[rules]
	// idKey is the name of the request id's header in lower case.
	idKey string
	// uses counts the instances that have it, under the lock of policies.
	uses int
	// id is what it is known by; stop ends looking for later policies.
	id   identity
	stop context.CancelFunc
}

// identity is what entities are shared by.
type identity struct {
	Settings
	fault string
}

// policies holds the entities in use: engines, and with them the memory of
// their transactions, live in the process and not in Kong's instances, of which
// every worker has one for every configuration.
type policies struct {
	model      *model.Model
	make       func(core.Config) (inspector, error)
	mu         sync.Mutex
	known      map[identity]*entity
	generation atomic.Uint64
	log        func(text string) // nil for nowhere
}

func newPolicies(m *model.Model, a *agent.Agent) *policies {
	return &policies{model: m, known: map[identity]*entity{}, make: func(c core.Config) (inspector, error) {
		e, err := core.New(c)
		return engine{e, &agent.Overlay{Agent: a}}, err
	}}
}

// acquire returns the entity of settings, making it if need be. With an error it
// is one with the fault "config", unless there can be none.
func (ps *policies) acquire(s Settings, fault string) (*entity, error) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	id := identity{s, fault}
	if e := ps.known[id]; e != nil {
		e.uses++
		return e, nil
	}
	e := &entity{Settings: s, idKey: strings.ToLower(s.RequestIDHeader), uses: 1, id: id, stop: func() {}}
	first := fault
	if s.Policy != "" || s.PolicyFile != "" {
		first = faultConfig // until the policy is there
	}
	if err := ps.put(e, nil, first); err != nil {
		return nil, err
	}
	ps.known[id] = e
	if fault != "" {
		return e, nil
	}
	return e, ps.load(e)
}

// release gives an entity back; the last one to do so frees it.
func (ps *policies) release(e *entity) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if e.uses--; e.uses == 0 {
		e.stop()
		delete(ps.known, e.id)
	}
}

// count returns the number of entities in use.
func (ps *policies) count() int {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return len(ps.known)
}

// stop ends looking for later policies.
func (ps *policies) stop() {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	for _, e := range ps.known {
		e.stop()
	}
}
