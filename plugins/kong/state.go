package kong

import (
	"slices"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/gateway"
)

// maxStated bounds the texts of a state, which a sidecar takes no longer.
const maxStated = 200

// state is what the process says of itself to the sidecar. A process has as many
// modes and policies as plugins in Kong's configuration differ in: all are named.
func (p *process) state() agent.State {
	c := p.counters
	s := agent.State{Requests: uint64(c.total()), Blocks: uint64(c.blocked()), Updated: p.started.UTC().Truncate(time.Second),
		FailOpen: uint64(c.of(gateway.ActionFailOpen)), FailClosed: uint64(c.of(gateway.ActionFailClosed)), Failures: uint64(c.failures())}
	usual := p.usual.Load()
	if usual == nil {
		return s // it is just starting
	}
	m := usual.rules.Load().inspector
	s.Model, s.ModelType = m.Model(), m.ModelType()
	var modes, versions, troubles listing
	later := func(t time.Time) {
		if t.After(s.Updated) {
			s.Updated = t.UTC().Truncate(time.Second)
		}
	}
	for _, e := range p.policies.inUse(usual) {
		modes.add(e.Mode)
		troubles.add(e.trouble())
		if r := e.rules.Load(); r.policy != nil {
			versions.add(r.policy.Version())
			later(r.since)
		}
	}
	trouble, loaded := p.policies.models.standing()
	later(loaded)
	s.ModelError, s.Mode, s.Policy, s.PolicyError = trouble, modes.text(), versions.text(), troubles.text()
	return s
}

// listing is a set of texts for people.
type listing []string

func (l *listing) add(text string) {
	if text != "" && !slices.Contains(*l, text) {
		*l = append(*l, text)
	}
}

// text names all in their order.
func (l listing) text() string {
	slices.Sort(l)
	return gateway.Clip(strings.Join(l, "; "), maxStated)
}

// inUse returns the entities that Kong's plugins use. That with all defaults,
// which the process itself holds, is one only if a plugin has these settings.
func (ps *policies) inUse(usual *entity) []*entity {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	out := make([]*entity, 0, len(ps.known))
	for _, e := range ps.known {
		if e != usual || e.uses > 1 {
			out = append(out, e)
		}
	}
	return out
}

// complain notes why the policy that e is to have is not in force, "" if it is.
func (e *entity) complain(text string) { e.complaint.Store(&text) }

// trouble is what was noted last.
func (e *entity) trouble() string {
	if text := e.complaint.Load(); text != nil {
		return *text
	}
	return ""
}

// because is the text of an error, "" without one.
func because(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
