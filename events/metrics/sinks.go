package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/glacis-waf/glacis/events"
)

var (
	eventsDesc  = prometheus.NewDesc("glacis_events_total", "Events that arrived, by sink.", []string{"sink"}, nil)
	droppedDesc = prometheus.NewDesc("glacis_events_dropped_total", "Events that did not arrive, by sink and reason: the queue was full (full), the sink refused them for good or for too long (failed), or the process ended (closed).", []string{"sink", "reason"}, nil)
	waitingDesc = prometheus.NewDesc("glacis_events_waiting", "Events that wait in the queue of a sink.", []string{"sink"}, nil)
	failingDesc = prometheus.NewDesc("glacis_event_sink_error", "1 while a sink does not take events.", []string{"sink"}, nil)
)

// Sinks shows what becomes of events.
func (s *Set) Sinks(stats func() []events.Stats) { s.Registry.MustRegister(sinks{stats}) }

type sinks struct{ stats func() []events.Stats }

// Describe implements prometheus.Collector.
func (sinks) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{eventsDesc, droppedDesc, waitingDesc, failingDesc} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c sinks) Collect(ch chan<- prometheus.Metric) {
	send := func(d *prometheus.Desc, kind prometheus.ValueType, value float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, kind, value, labels...)
	}
	for _, s := range c.stats() {
		send(eventsDesc, prometheus.CounterValue, float64(s.Sent), s.Name)
		send(droppedDesc, prometheus.CounterValue, float64(s.Full), s.Name, events.DropFull)
		send(droppedDesc, prometheus.CounterValue, float64(s.Failed), s.Name, events.DropFailed)
		send(droppedDesc, prometheus.CounterValue, float64(s.Closed), s.Name, events.DropClosed)
		send(waitingDesc, prometheus.GaugeValue, float64(s.Waiting), s.Name)
		failing := 0.0
		if s.Error != "" {
			failing = 1
		}
		send(failingDesc, prometheus.GaugeValue, failing, s.Name)
	}
}
