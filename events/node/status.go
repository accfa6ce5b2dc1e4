package node

import (
	"errors"
	"fmt"
	"time"

	"github.com/glacis-waf/glacis/events"
	"github.com/glacis-waf/glacis/events/metrics"
)

// The kinds of processes.
const (
	Proxy   = "proxy"
	Sidecar = "sidecar"
)

// Status is the state of a process.
type Status struct {
	// Kind is Proxy or Sidecar, Version Glacis's, Host the machine's name.
	Kind    string    `json:"kind"`
	Version string    `json:"version"`
	Host    string    `json:"host,omitempty"`
	Started time.Time `json:"started"`
	// Mode, Confidence and Fail are the settings; a policy may have others for
	// its assets.
	Mode       string `json:"mode"`
	Confidence string `json:"confidence,omitempty"`
	Fail       string `json:"fail,omitempty"`
	// Model and Policy are in force.
	Model  Model  `json:"model"`
	Policy Policy `json:"policy"`
	// Profile is the version of what was learned, "" for nothing.
	Profile string `json:"profile,omitempty"`
	// Updated is when model, policy or profile came last, as far as known.
	Updated time.Time `json:"updated,omitzero"`
	// Counts are since Started.
	Counts metrics.Counts `json:"counts"`
	// Events are the sinks.
	Events []events.Stats `json:"events"`
}

// Model is the model in force.
type Model struct {
	// Name is name and version, Type "basic" or "advanced".
	Name string `json:"name"`
	Type string `json:"type"`
	// Loaded is when it came, the zero time for the embedded one.
	Loaded time.Time `json:"loaded,omitzero"`
	// Error is why a newer one is not in force; "" if none waits.
	Error string `json:"error,omitempty"`
	// Update is name and version of a newer one in the configured registry.
	Update string `json:"update,omitempty"`
	// Shadow is a second model that scores beside, nil for none.
	Shadow *Shadow `json:"shadow,omitempty"`
}

// Shadow is what a second model thinks of a sample of the requests.
type Shadow struct {
	// Name is its name and version; Error is why a newer one does not score.
	Name  string `json:"name"`
	Error string `json:"error,omitempty"`
	// Compared are the requests that both models judged; of these only the
	// second would block Blocks, and let Passes through.
	Compared int64 `json:"compared"`
	Blocks   int64 `json:"blocks"`
	Passes   int64 `json:"passes"`
}

// Policy is the policy in force.
type Policy struct {
	// Name is name and short hash, "" for none.
	Name   string    `json:"name,omitempty"`
	Loaded time.Time `json:"loaded,omitzero"`
	// Error is why the files as they are now are not in force; "" if they are.
	Error string `json:"error,omitempty"`
	// Warnings are those about the policy in force.
	Warnings int `json:"warnings,omitempty"`
	// Exceptions are those of the policy, in its order, with what they did.
	Exceptions []Exception `json:"exceptions,omitempty"`
}

// Exception is what an exception of the policy did since it was loaded.
type Exception struct {
	ID string `json:"id"`
	// Applied is how many verdicts it changed: without it the request would have
	// been refused, or passed if its action is block. Idle is how often it matched
	// without any difference.
	Applied int64 `json:"applied"`
	Idle    int64 `json:"idle"`
	// State is "unused" (nothing matched yet), "needed", "no longer needed" (it
	// matched, but never made a difference) or "expired".
	State string `json:"state"`
}

// StateOf is Exception.State.
func StateOf(applied, idle int64, expired bool) string {
	switch {
	case expired:
		return "expired"
	case applied > 0:
		return "needed"
	case idle > 0:
		return "no longer needed"
	}
	return "unused"
}

// Trouble is what an operator has to look at, nil if there is nothing: a model
// or policy that was refused, a sink that takes no events.
func (s *Status) Trouble() error {
	var all []error
	if s.Model.Error != "" {
		all = append(all, fmt.Errorf("model: %s", s.Model.Error))
	}
	if s.Model.Shadow != nil && s.Model.Shadow.Error != "" {
		all = append(all, fmt.Errorf("shadow model: %s", s.Model.Shadow.Error))
	}
	if s.Policy.Error != "" {
		all = append(all, fmt.Errorf("policy: %s", s.Policy.Error))
	}
	for _, e := range s.Events {
		if e.Error != "" {
			all = append(all, fmt.Errorf("events to %s: %s", e.Name, e.Error))
		}
	}
	return errors.Join(all...)
}
