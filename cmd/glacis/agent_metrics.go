package main

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/glacis-waf/glacis/agent"
)

// agentMetrics shows what the agent of a program does.
func agentMetrics(reg prometheus.Registerer, a *agent.Agent) {
	counter := func(name, help string, value func(agent.Counts) uint64) {
		reg.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return float64(value(a.Counts())) }))
	}
	counter("glacis_agent_batches_total", "Batches of observations and events that the sidecar took.", func(c agent.Counts) uint64 { return c.Sent })
	counter("glacis_agent_dropped_observations_total", "Observations that found no room while the sidecar was away, or that it did not want.", func(c agent.Counts) uint64 { return c.DroppedObservations })
	counter("glacis_agent_dropped_events_total", "Events for the sidecar that found no room while it was away, or that it did not want.", func(c agent.Counts) uint64 { return c.DroppedEvents })
	counter("glacis_agent_call_failures_total", "Calls that the sidecar did not answer, or not well.", func(c agent.Counts) uint64 { return c.Failed })
	counter("glacis_agent_rejected_profiles_total", "Learned profiles refused because they were damaged or not signed by the right key.", func(c agent.Counts) uint64 { return c.Rejected })
	reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "glacis_agent_profile_parameters", Help: "Parameters in the learned profile in force."}, func() float64 {
		if p := a.Profile(); p != nil {
			return float64(p.Params())
		}
		return 0
	}))
}
