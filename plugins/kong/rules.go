package kong

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	declared "github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/decompress"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/policy"
)

// rules are an engine with the policy in it. They do not change; a request keeps
// those that it began with.
type rules struct {
	inspector inspector
	// terms are the policy's, nil without one.
	terms *gateway.Terms
	// rates are the policy's, too; they go on counting while it is the same.
	policy *declared.Policy
	rates  *gateway.Rates
	// since is when the policy came.
	since time.Time
	// generation tells rules apart in the cache's keys.
	generation uint64
	// fault is "config" when the configuration could not be read.
	fault string
}

// rulesInterval is how often the file of a policy is looked at.
const rulesInterval = 2 * time.Second

// put makes rules of a policy, nil for none, and puts them in force in e.
func (ps *policies) put(e *entity, l *policy.Loaded, fault string) error {
	ps.building.Lock()
	defer ps.building.Unlock()
	r, err := ps.compose(e, e.supply.tables, l, fault)
	if err != nil {
		return err
	}
	e.policy, e.fault = l, fault
	if !e.gone {
		e.supply.users[e] = struct{}{}
	}
	e.rules.Store(r)
	return nil
}

// supplied puts another model in force in all entities that take theirs from s,
// or, if one of them cannot be made with it, in none.
func (ps *policies) supplied(s *supply, tables *model.Model) error {
	ps.building.Lock()
	defer ps.building.Unlock()
	made := make(map[*entity]*rules, len(s.users))
	for e := range s.users {
		r, err := ps.compose(e, tables, e.policy, e.fault)
		if err != nil {
			return err
		}
		made[e] = r
	}
	s.tables = tables
	for e, r := range made {
		e.rules.Store(r)
	}
	return nil
}

// leave ends what e gets of its supply.
func (ps *policies) leave(e *entity) {
	ps.building.Lock()
	defer ps.building.Unlock()
	e.gone = true
	delete(e.supply.users, e)
}

// compose makes rules of all that they consist of.
func (ps *policies) compose(e *entity, tables *model.Model, l *policy.Loaded, fault string) (*rules, error) {
	confidence, _ := core.ParseConfidence(e.Confidence)
	limits := core.DefaultLimits()
	limits.BodyBytes = e.MaxBodyBytes
	cfg := core.Config{Model: tables, Confidence: confidence, Limits: limits, Decompressors: decompress.All()}
	if l != nil {
		cfg.Policy = l.Policy
		if err := ps.locate(l.Policy); err != nil {
			return nil, err
		}
	}
	i, err := ps.make(cfg)
	if err != nil {
		return nil, fmt.Errorf("make the engine: %w", err)
	}
	r := &rules{inspector: i, terms: gateway.NewTerms(cfg.Policy), policy: cfg.Policy, generation: ps.generation.Add(1), fault: fault}
	if old := e.rules.Load(); old != nil && old.policy == r.policy {
		r.rates, r.since = old.rates, old.since
	} else {
		r.rates, r.since = gateway.NewRates(r.policy, rand.Uint64()), time.Now()
	}
	return r, nil
}

// locate tells a policy where addresses are, if it asks for that.
func (ps *policies) locate(p *declared.Policy) error {
	at := p.NeedsCountries()
	if at == "" {
		return nil
	}
	if ps.countries == nil {
		return fmt.Errorf("%s: needs a database of countries, -geo-database", at)
	}
	p.Locate(ps.countries.Country)
	return nil
}

// load puts the policy of an entity's settings in force. When that fails the
// entity has the fault "config"; a policy_file is looked at again.
func (ps *policies) load(e *entity) error {
	ctx, stop := context.WithCancel(context.Background())
	e.stop = stop
	switch {
	case e.Policy != "" && e.PolicyFile != "":
		return errors.New("policy_file: contradicts policy")
	case e.Policy != "":
		return ps.inline(ctx, e)
	case e.PolicyFile == fromSidecar:
		return ps.received(ctx, e)
	case e.PolicyFile != "":
		return ps.file(ctx, e)
	}
	return nil
}

// inline takes the policy in the settings, and again when an exception expires.
func (ps *policies) inline(ctx context.Context, e *entity) error {
	l, err := policy.Parse("policy", []byte(e.Policy), time.Now())
	if err != nil {
		return err
	}
	if err := ps.put(e, l, ""); err != nil {
		return err
	}
	if next := l.Policy.NextExpiry(); !next.IsZero() {
		timer := time.AfterFunc(time.Until(next), func() {
			err := ps.inline(ctx, e)
			e.complain(because(err))
			if err != nil {
				ps.say("policy: " + err.Error())
			}
		})
		context.AfterFunc(ctx, func() { timer.Stop() })
	}
	return nil
}

// file takes the policy in a file, and every later version of it.
func (ps *policies) file(ctx context.Context, e *entity) error {
	use := func(l *policy.Loaded) error { return ps.put(e, l, "") }
	holder, err := policy.NewHolder(e.PolicyFile, use)
	if err != nil {
		err = fmt.Errorf("policy_file: %w", err)
	}
	go func(last error) {
		for holder == nil {
			select {
			case <-ctx.Done():
				return
			case <-time.After(rulesInterval):
			}
			holder, err = policy.NewHolder(e.PolicyFile, use)
			e.complain(because(err))
			if err != nil && err.Error() != last.Error() {
				ps.say("policy_file: " + err.Error())
				last = err
			}
		}
		holder.Watch(ctx, rulesInterval, func(err error) {
			version := holder.Current().Policy.Version()
			e.complain(because(err))
			if err != nil {
				ps.say("policy_file: not reloaded, " + version + " stays in force: " + err.Error())
				return
			}
			ps.say("policy " + version + " is in force")
		})
	}(err)
	return err
}

// received takes the policy of the process's sidecar, and every later version of
// it. Until the first has come the entity has none, as without a policy.
func (ps *policies) received(ctx context.Context, e *entity) error {
	if ps.agent == nil {
		return errors.New("policy_file: there is no sidecar, -sidecar")
	}
	holder := policy.NewReceiver("sidecar", func(l *policy.Loaded) error { return ps.put(e, l, "") })
	var mu sync.Mutex // whoever follows the sidecar and who looks for expiry both report
	last := ""
	report := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		e.complain(holder.Status().Error)
		text := "policy " + holder.Status().Policy + " is in force"
		if err != nil {
			text = "policy of the sidecar: not taken, " + first(holder.Status().Policy, "none") + " stays in force: " + err.Error()
		}
		if text != last {
			ps.say(text)
		}
		last = text
	}
	go ps.agent.FollowPolicy(ctx, func(compiled []byte) {
		if err := holder.Take(compiled); compiled != nil || holder.Status().Error == "" {
			report(err)
		}
	}, func(err error) {
		if !errors.Is(err, agent.ErrNoPolicy) || holder.Current() != nil {
			holder.Missed(err)
			report(err)
		}
	})
	go holder.Watch(ctx, rulesInterval, report)
	return nil
}

// first returns a, or b if a is empty.
func first(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// say writes a line to the log.
func (ps *policies) say(text string) {
	if ps.log != nil {
		ps.log(text)
	}
}
