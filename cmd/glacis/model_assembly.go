package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	rules "github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/shadow"
	"github.com/glacis-waf/glacis/policy"
	"github.com/glacis-waf/glacis/policy/country"
)

// assembly makes engines of what changes while a program serves: the model, the
// policy, and the shadow model. Each change makes a whole engine first and then
// puts it to use; if that fails everything stays as it was.
type assembly struct {
	// config is what does not change.
	config core.Config
	// put puts an engine to use; calls come one at a time.
	put func(*core.Engine)
	// shadow gets the engine of the second model; nil for none.
	shadow *shadow.Shadow
	// countries knows where addresses are; nil for no database.
	countries *country.Database
	// follow turns to the model that a policy names, "" for none; nil if
	// something else decides.
	follow func(location string) error

	mu             sync.Mutex
	tables, second *model.Model // nil: the embedded one, and none
	policy         *policy.Loaded
	location       string // what the policy names
}

// start makes the first engine, with the embedded model.
func (a *assembly) start() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.assemble(nil, a.second, nil)
}

// setModel is for delivery.NewHolder.
func (a *assembly) setModel(m *delivery.Model) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.assemble(tablesOf(m), a.second, a.policy)
}

// setSecond is for delivery.NewHolder, too.
func (a *assembly) setSecond(m *delivery.Model) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.assemble(a.tables, tablesOf(m), a.policy)
}

func tablesOf(m *delivery.Model) *model.Model {
	if m == nil {
		return nil
	}
	return m.Tables
}

// setPolicy is for policy.NewHolder. A model that the policy names is part of
// it: if that is no good, the policy is refused.
func (a *assembly) setPolicy(l *policy.Loaded) error {
	if err := a.locate(l.Policy); err != nil {
		return err
	}
	before, location := a.location, l.Document.Model // only this function, which policy.Holder calls one at a time, changes it
	if l.Remote {
		location = "" // it is the sidecar's machine where that lies
	}
	if a.follow != nil && location != before {
		if err := a.follow(location); err != nil {
			return err
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.assemble(a.tables, a.second, l); err != nil {
		return err
	}
	a.location = location
	return nil
}

// locate tells a policy where addresses are, if it asks for that.
func (a *assembly) locate(p *rules.Policy) error {
	at := p.NeedsCountries()
	if at == "" {
		return nil
	}
	if a.countries == nil {
		return fmt.Errorf("%s: needs a database of countries, --geo-database", at)
	}
	p.Locate(a.countries.Country)
	return nil
}

// assemble makes the engines and puts them to use.
func (a *assembly) assemble(tables, second *model.Model, l *policy.Loaded) error {
	cfg := a.config
	if cfg.Model = tables; tables == nil {
		embedded, err := embeddedModel()
		if err != nil {
			return err
		}
		cfg.Model = embedded
	}
	if l != nil {
		cfg.Policy = l.Policy
	}
	engine, err := core.New(cfg)
	if err != nil {
		return fmt.Errorf("make the engine: %w", err)
	}
	var beside *core.Engine
	if a.shadow != nil && second != nil {
		if cfg.Model = second; l != nil {
			// a copy: hits of exceptions are to count once
			if cfg.Policy, err = rules.Compile(l.Document, time.Now()); err != nil {
				return fmt.Errorf("compile the policy for the shadow model: %w", err)
			}
			if err := a.locate(cfg.Policy); err != nil {
				return err
			}
		}
		if beside, err = core.New(cfg); err != nil {
			return fmt.Errorf("make the shadow's engine: %w", err)
		}
	}
	a.tables, a.second, a.policy = tables, second, l
	a.put(engine)
	if a.shadow != nil {
		a.shadow.SetEngine(beside)
	}
	return nil
}

// followPolicy returns what assembly.follow is to be: the policy decides where
// the model comes from, and implicit is where to look if it says nothing.
func followPolicy(ctx context.Context, h *delivery.Holder, implicit delivery.Source, token string) func(string) error {
	return func(location string) error {
		if location == "" {
			return h.Follow(ctx, implicit)
		}
		source, err := delivery.Resolve(location, token)
		if err == nil {
			err = h.Point(ctx, source)
		}
		if err != nil {
			return fmt.Errorf("model: %w", err)
		}
		return nil
	}
}
