package guest

import (
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/wasm/internal/abi"
)

// metrics are the VM's metrics in its host, which adds those of all VMs up.
type metrics struct {
	defined                 bool
	actions                 [5]metric
	faults                  [4]metric
	uninspected, micros     metric
	updates, updateFailures metric // of models
	profiles                metric
	profileFailures         metric
	policies                metric
	policyFailures          metric
	records, recordsDropped metric
	eventsDropped, failures metric
	// passed and observed are not in the host yet: what happens with every
	// request is added on ticks.
	passed, observed int64
}

// metric is a metric's number in the host; ok is false if the host has none.
type metric struct {
	id uint32
	ok bool
}

// actionNames are the gateway's actions in the order of metrics.actions.
var actionNames = [...]gateway.Action{gateway.ActionPass, gateway.ActionBlock, gateway.ActionDetect,
	gateway.ActionFailOpen, gateway.ActionFailClosed}

// define makes the metrics, once.
func (m *metrics) define(host abi.Host) {
	if m.defined {
		return
	}
	m.defined = true
	counter := func(name string) (c metric) {
		c.id, c.ok = host.Define(abi.Counter, "glacis."+name)
		return c
	}
	for i, a := range actionNames {
		m.actions[i] = counter("requests." + string(a))
	}
	for i, f := range faultNames {
		m.faults[i] = counter("faults." + f)
	}
	m.uninspected = counter("uninspected_bytes")
	m.updates = counter("model_updates")
	m.updateFailures = counter("model_update_failures")
	m.profiles = counter("profile_updates")
	m.profileFailures = counter("profile_update_failures")
	m.policies = counter("policy_updates")
	m.policyFailures = counter("policy_update_failures")
	m.records = counter("observations")
	m.recordsDropped = counter("observations_dropped")
	m.eventsDropped = counter("events_dropped")
	m.failures = counter("sidecar_failures")
	m.micros.id, m.micros.ok = host.Define(abi.Histogram, "glacis.inspection_us")
}

func (m *metrics) add(host abi.Host, c metric, n int64) {
	if c.ok {
		host.Add(c.id, n)
	}
}

// count counts a request that is over.
func (m *metrics) count(host abi.Host, a gateway.Action, s *stream) {
	if a == gateway.ActionPass {
		m.passed++
	} else {
		for i := range actionNames {
			if a == actionNames[i] {
				m.add(host, m.actions[i], 1)
			}
		}
	}
	if s.fault != "" {
		for i := range faultNames {
			if s.fault == faultNames[i] {
				m.add(host, m.faults[i], 1)
			}
		}
	}
	if s.verdict.Uninspected > 0 {
		m.add(host, m.uninspected, s.verdict.Uninspected)
	}
	if s.timed && m.micros.ok {
		host.Record(m.micros.id, s.spent/1000)
	}
}

// flush adds what was only counted here.
func (m *metrics) flush(host abi.Host) {
	if m.passed > 0 {
		m.add(host, m.actions[0], m.passed)
		m.passed = 0
	}
	if m.observed > 0 {
		m.add(host, m.records, m.observed)
		m.observed = 0
	}
}
