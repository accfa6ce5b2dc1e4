package kong

import (
	"strings"
	"sync"
	"sync/atomic"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
)

// policy is what a configuration means to an event. It is immutable and shared
// by all instances with the same settings.
type policy struct {
	Settings
	inspector inspector
	// generation tells policies apart in the cache's keys.
	generation uint64
	// fault is "config" when the configuration could not be read.
	fault string
	// idKey is the name of the request id's header in lower case.
	idKey string
	// uses counts the instances that have it, under the lock of policies.
	uses int
}

// identity is what policies are shared by.
type identity struct {
	Settings
	fault string
}

// policies holds the policies in use: engines, and with them the memory of
// their transactions, live in the process and not in Kong's instances, of which
// every worker has one for every configuration.
type policies struct {
	model      *model.Model
	make       func(core.Config) (inspector, error)
	mu         sync.Mutex
	known      map[identity]*policy
	generation atomic.Uint64
}

func newPolicies(m *model.Model, a *agent.Agent) *policies {
	return &policies{model: m, known: map[identity]*policy{}, make: func(c core.Config) (inspector, error) {
		e, err := core.New(c)
		return engine{e, &agent.Overlay{Agent: a}}, err
	}}
}

// acquire returns the policy of settings, making it if need be.
func (ps *policies) acquire(s Settings, fault string) (*policy, error) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	id := identity{s, fault}
	if p := ps.known[id]; p != nil {
		p.uses++
		return p, nil
	}
	confidence, _ := core.ParseConfidence(s.Confidence)
	limits := core.DefaultLimits()
	limits.BodyBytes = s.MaxBodyBytes
	i, err := ps.make(core.Config{Model: ps.model, Confidence: confidence, Limits: limits})
	if err != nil {
		return nil, err
	}
	p := &policy{Settings: s, inspector: i, fault: fault, idKey: strings.ToLower(s.RequestIDHeader), generation: ps.generation.Add(1), uses: 1}
	ps.known[id] = p
	return p, nil
}

// release gives a policy back; the last one to do so frees it.
func (ps *policies) release(p *policy) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if p.uses--; p.uses == 0 {
		delete(ps.known, identity{p.Settings, p.fault})
	}
}

// count returns the number of policies in use.
func (ps *policies) count() int {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return len(ps.known)
}
