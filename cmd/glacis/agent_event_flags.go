package main

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/events"
	"github.com/glacis-waf/glacis/sidecar/api"
)

// agentEventFlags are the flags of "glacis sidecar" about the events that
// wrappers send.
type agentEventFlags struct{ sinks bool }

func (f *agentEventFlags) register(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.sinks, "agent-events", true, "hand the events that wrappers send to the sinks, too; without it they are shown by /v1/events only")
}

// collect makes the endpoints of events before the sinks.
func (f *agentEventFlags) collect(o *events.Outputs) *api.Events {
	if !f.sinks {
		return api.NewEvents(nil)
	}
	return api.NewEvents(o.Send)
}

// agentEventMetrics shows what became of the events that wrappers sent.
func agentEventMetrics(reg prometheus.Registerer, e *api.Events) {
	counter := func(name, help string, value func(api.EventCounts) uint64) {
		reg.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return float64(value(e.Counts())) }))
	}
	counter("glacis_agent_events_received_total", "Events that agents sent to this sidecar.", func(c api.EventCounts) uint64 { return c.Received })
	counter("glacis_agent_events_refused_total", "Lines that agents sent as events and that were none, or too long.", func(c api.EventCounts) uint64 { return c.Refused })
	counter("glacis_agent_events_lost_total", "Batches of events that this sidecar was too slow to show; sinks are not affected.", func(c api.EventCounts) uint64 { return c.Lost })
}
