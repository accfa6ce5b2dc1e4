// Package status puts together what glacis status shows: the processes on this
// machine, the agents that the sidecar knows and what has been learned.
package status

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/ask"
	"github.com/glacis-waf/glacis/events/node"
	"github.com/glacis-waf/glacis/sidecar/learn"
)

// Source is one process to ask.
type Source struct {
	// Address is where, for messages.
	Address string
	// Client asks it.
	Client *ask.Client
	// Path is where the state is.
	Path string
	// Optional says that it need not be there.
	Optional bool
}

// Overview is all of it; its JSON form is what --json prints.
type Overview struct {
	// Time is when it was put together.
	Time time.Time `json:"time"`
	// Nodes are the processes that answered.
	Nodes []node.Status `json:"nodes"`
	// Agents are what the sidecar has heard of in the last ten minutes.
	Agents []agent.Report `json:"agents"`
	// Sidecars are the members of the sidecar's cluster.
	Sidecars []string `json:"sidecars"`
	// Learning is how far each asset has been learned.
	Learning []learn.AssetStatus `json:"learning"`
	// Trouble is what needs attention, "" for nothing.
	Trouble []string `json:"trouble"`
}

// Ask asks all sources, of which the last is the sidecar. Nothing that goes
// wrong ends it: it becomes trouble.
func Ask(ctx context.Context, now time.Time, sources ...Source) *Overview {
	o := &Overview{Time: now.UTC().Truncate(time.Second), Nodes: []node.Status{}, Agents: []agent.Report{}, Sidecars: []string{}, Learning: []learn.AssetStatus{}, Trouble: []string{}}
	for _, s := range sources {
		var state node.Status
		err := s.Client.Get(ctx, s.Path, &state)
		var refused *ask.StatusError
		switch {
		case err == nil:
			o.node(&state)
		case s.Optional && !errors.As(err, &refused):
			continue
		default:
			o.trouble("%s: %v", s.Address, err)
			continue
		}
		if state.Kind == node.Sidecar {
			o.sidecar(ctx, s.Client)
		}
	}
	if len(o.Nodes) == 0 && len(o.Trouble) == 0 {
		o.trouble("no proxy and no sidecar answers on this machine")
	}
	return o
}

func (o *Overview) trouble(format string, args ...any) {
	o.Trouble = append(o.Trouble, fmt.Sprintf(format, args...))
}

func (o *Overview) node(s *node.Status) {
	o.Nodes = append(o.Nodes, *s)
	if err := s.Trouble(); err != nil {
		for line := range strings.Lines(err.Error()) {
			o.trouble("%s: %s", s.Kind, strings.TrimSpace(line))
		}
	}
}

// sidecar asks for what only a sidecar that learns knows.
func (o *Overview) sidecar(ctx context.Context, c *ask.Client) {
	var agents struct {
		Agents   []agent.Report
		Sidecars []string
	}
	if o.get(ctx, c, "/v1/agents", &agents) {
		o.Agents, o.Sidecars = append(o.Agents, agents.Agents...), append(o.Sidecars, agents.Sidecars...)
	}
	var learning struct{ Assets []learn.AssetStatus }
	if o.get(ctx, c, "/v1/learning", &learning) {
		o.Learning = append(o.Learning, learning.Assets...)
	}
	for i := range o.Agents {
		a := &o.Agents[i]
		for _, text := range a.Trouble(o.Time) {
			o.trouble("agent %s: %s", a.ID, text)
		}
	}
}

// get asks; a sidecar that does not learn has no such endpoints.
func (o *Overview) get(ctx context.Context, c *ask.Client, path string, v any) bool {
	err := c.Get(ctx, path, v)
	var refused *ask.StatusError
	if errors.As(err, &refused) && refused.Status == http.StatusNotFound {
		return false
	}
	if err != nil {
		o.trouble("sidecar: %s: %v", path, err)
		return false
	}
	return true
}
