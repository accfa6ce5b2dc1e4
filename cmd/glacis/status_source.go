package main

import (
	"encoding/json"
	"net/http"
	"os"
	"time"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/events"
	"github.com/glacis-waf/glacis/events/metrics"
	"github.com/glacis-waf/glacis/events/node"
	"github.com/glacis-waf/glacis/policy"
)

// statusSource gathers what a serving program says of itself. Fields that are
// nil have nothing to say.
type statusSource struct {
	about   node.Status // what does not change
	engine  func() *core.Engine
	models  *modelService
	policy  *policy.Holder
	profile func() string
	counts  func() metrics.Counts
	sinks   *events.Outputs
}

// begin notes what does not change.
func (s *statusSource) begin(kind, mode, confidence, fail string) {
	host, err := os.Hostname()
	if err != nil {
		host = "" // a status without it is still one
	}
	s.about = node.Status{Kind: kind, Version: core.Version, Host: host, Started: time.Now().UTC().Truncate(time.Second),
		Mode: mode, Confidence: confidence, Fail: fail}
}

// status is the state now.
func (s *statusSource) status() node.Status {
	out := s.gather()
	if s.profile != nil {
		out.Profile = s.profile()
	}
	return out
}

// gather is the state without the profile, which an agent knows itself.
func (s *statusSource) gather() node.Status {
	out := s.about
	out.Updated = out.Started
	later := func(t time.Time) {
		if t.After(out.Updated) {
			out.Updated = t
		}
	}
	if e := s.engine(); e != nil {
		out.Model.Name, out.Model.Type = e.Model(), e.ModelType()
	}
	if s.models != nil {
		m := s.models.status()
		out.Model.Error, out.Model.Loaded = m.Error, m.Loaded.UTC()
		if m.Update != nil {
			out.Model.Update = m.Update.Name + " " + m.Update.Version
		}
		out.Model.Shadow = s.models.beside()
		later(out.Model.Loaded)
	}
	if s.policy != nil {
		p := s.policy.Status()
		out.Policy = node.Policy{Name: p.Policy, Loaded: p.Loaded.UTC(), Error: p.Error, Warnings: len(p.Warnings)}
		if l := s.policy.Current(); l != nil {
			for _, c := range l.Policy.Counts() {
				out.Policy.Exceptions = append(out.Policy.Exceptions, node.Exception{ID: c.ID, Applied: c.Applied, Idle: c.Idle, State: node.StateOf(c.Applied, c.Idle, c.Expired)})
			}
		}
		later(out.Policy.Loaded)
	}
	if s.counts != nil {
		out.Counts = s.counts()
	}
	out.Events = s.sinks.Stats()
	return out
}

// fill adds to what an agent reports.
func (s *statusSource) fill(a *agent.State) {
	now := s.gather()
	a.Mode, a.Model, a.ModelType, a.ModelError = now.Mode, now.Model.Name, now.Model.Type, now.Model.Error
	a.Policy, a.PolicyError, a.Updated = now.Policy.Name, now.Policy.Error, now.Updated
	a.Requests, a.Blocks = now.Counts.Requests, now.Counts.Blocked
	a.FailOpen, a.FailClosed, a.Failures = now.Counts.FailOpen, now.Counts.FailClosed, now.Counts.Failures
}

// ServeHTTP implements http.Handler for the local listener of the proxy.
func (s *statusSource) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(s.status()) // a client that has gone needs no answer
}
