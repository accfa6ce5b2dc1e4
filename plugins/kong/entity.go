package kong

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/policy"
	"github.com/glacis-waf/glacis/policy/country"
)

// entity is what a configuration means to an event. It is shared by all
// instances with the same settings and does not change, but for its rules.
type entity struct {
	Settings
	rules atomic.Pointer[rules]
	// idKey is the name of the request id's header in lower case.
	idKey string
	// supply is where its model comes from.
	supply *supply
	// policy and fault are what the rules are made of beside the model, under
	// the lock of policies' rules.
	policy *policy.Loaded
	fault  string
	gone   bool // released: gets no other model
	// complaint is why its policy is not in force.
	complaint atomic.Pointer[string]
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
	models     *supplies
	agent      *agent.Agent      // nil without a sidecar
	countries  *country.Database // nil without one
	make       func(core.Config) (inspector, error)
	mu         sync.Mutex
	known      map[identity]*entity
	generation atomic.Uint64
	log        func(text string) // nil for nowhere
	// building has rules made one at a time, by whatever changes.
	building sync.Mutex
}

func newPolicies(m Models, a *agent.Agent, countries *country.Database, log func(text string)) *policies {
	ps := &policies{known: map[identity]*entity{}, log: log, agent: a, countries: countries, make: func(c core.Config) (inspector, error) {
		e, err := core.New(c)
		return engine{e, &agent.Overlay{Agent: a}}, err
	}}
	ps.models = &supplies{from: m, agent: a, change: ps.supplied, say: ps.say, known: map[string]*supply{}}
	return ps
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
	e := &entity{Settings: s, idKey: strings.ToLower(s.RequestIDHeader), uses: 1, id: id, stop: func() {}, supply: ps.models.acquire(s.Model)}
	first := fault
	if s.Policy != "" || s.PolicyFile != "" && (s.PolicyFile != fromSidecar || ps.agent == nil) {
		first = faultConfig // until the policy is there
	}
	if err := ps.put(e, nil, first); err != nil {
		ps.models.release(e.supply)
		return nil, err
	}
	ps.known[id] = e
	if fault != "" {
		return e, nil
	}
	err := ps.load(e)
	if err != nil {
		e.complain(err.Error())
	}
	return e, err
}

// release gives an entity back; the last one to do so frees it.
func (ps *policies) release(e *entity) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if e.uses--; e.uses == 0 {
		e.stop()
		ps.leave(e)
		ps.models.release(e.supply)
		delete(ps.known, e.id)
	}
}

// count returns the number of entities in use.
func (ps *policies) count() int {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return len(ps.known)
}

// stop ends looking for later policies and models.
func (ps *policies) stop() {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	for _, e := range ps.known {
		e.stop()
	}
	ps.models.close()
}
