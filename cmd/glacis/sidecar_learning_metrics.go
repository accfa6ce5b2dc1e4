package main

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/sidecar/api"
	"github.com/glacis-waf/glacis/sidecar/learn"
	"github.com/glacis-waf/glacis/sidecar/store"
)

// scrapeTimeout bounds what a scrape waits for the store.
const scrapeTimeout = 2 * time.Second

// learningCollector shows what the store knows of agents and assets. Only sums
// are shown, so that neither agents nor assets can make more time series.
type learningCollector struct{ store *store.Store }

var (
	agentsDesc       = prometheus.NewDesc("glacis_agents", "Agents heard of in the last ten minutes, by kind.", []string{"kind"}, nil)
	agentErrorsDesc  = prometheus.NewDesc("glacis_agents_in_error", "Agents whose newest model or policy is not in force because it was refused.", nil, nil)
	assetsDesc       = prometheus.NewDesc("glacis_learning_assets", "Assets by how far they have been learned.", []string{"level"}, nil)
	endpointsDesc    = prometheus.NewDesc("glacis_learning_endpoints", "Endpoints learned.", nil, nil)
	paramsDesc       = prometheus.NewDesc("glacis_learning_parameters", "Parameters learned.", nil, nil)
	candidatesDesc   = prometheus.NewDesc("glacis_learning_candidates", "Endpoints and parameters seen too seldom to be learned yet.", nil, nil)
	learnedBytesDesc = prometheus.NewDesc("glacis_learning_bytes", "Estimated memory of what was learned.", nil, nil)
	evictedDesc      = prometheus.NewDesc("glacis_learning_evicted_total", "Candidates that gave way to others because the memory of their asset was full.", nil, nil)
	unassignedDesc   = prometheus.NewDesc("glacis_learning_unassigned_total", "Observations of no asset, or of a host that too few sources asked for to be one.", nil, nil)
	droppedDesc      = prometheus.NewDesc("glacis_learning_dropped_total", "Endpoints, parameters and hosts that found no room among the candidates.", nil, nil)
	storeErrorDesc   = prometheus.NewDesc("glacis_learning_scrape_error", "1 if the store did not answer this scrape; the metrics of agents and learning are then missing.", nil, nil)
)

// agentKinds are the values of the label kind; "other" stands for the rest.
var agentKinds = []string{"proxy", "sidecar", "kong", "traefik", "envoy"}

// Describe implements prometheus.Collector.
func (c *learningCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{agentsDesc, agentErrorsDesc, assetsDesc, endpointsDesc, paramsDesc, candidatesDesc, learnedBytesDesc, evictedDesc, unassignedDesc, droppedDesc, storeErrorDesc} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c *learningCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	failed := 0.0
	if c.agents(ctx, ch) != nil || c.assets(ctx, ch) != nil {
		failed = 1
	}
	gauge(ch, storeErrorDesc, failed)
}

func gauge(ch chan<- prometheus.Metric, d *prometheus.Desc, value float64, labels ...string) {
	ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
}

func counter(ch chan<- prometheus.Metric, d *prometheus.Desc, value uint64) {
	ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(value))
}

func (c *learningCollector) agents(ctx context.Context, ch chan<- prometheus.Metric) error {
	reports, err := c.store.Agents(ctx)
	if err != nil {
		return err
	}
	count, inError := map[string]int{}, 0
	for _, data := range reports {
		var a agent.Report
		if json.Unmarshal(data, &a) != nil {
			continue // of another version
		}
		if !slices.Contains(agentKinds, a.Kind) {
			a.Kind = "other"
		}
		count[a.Kind]++
		if a.ModelError != "" || a.PolicyError != "" {
			inError++
		}
	}
	for _, kind := range append([]string{"other"}, agentKinds...) {
		gauge(ch, agentsDesc, float64(count[kind]), kind)
	}
	gauge(ch, agentErrorsDesc, float64(inError))
	return nil
}

func (c *learningCollector) assets(ctx context.Context, ch chan<- prometheus.Metric) error {
	var sum learn.AssetStatus
	levels := map[learn.Level]int{}
	err := c.store.All(ctx, &store.Call{Op: store.OpStatus}, func(data json.RawMessage) error {
		var list []learn.AssetStatus
		if err := json.Unmarshal(data, &list); err != nil {
			return err
		}
		for _, a := range list {
			levels[a.Maturity.Level]++
			sum.Endpoints, sum.Params, sum.Candidates = sum.Endpoints+a.Endpoints, sum.Params+a.Params, sum.Candidates+a.Candidates
			sum.Bytes, sum.Evicted = sum.Bytes+a.Bytes, sum.Evicted+a.Evicted
		}
		return nil
	})
	if err != nil {
		return err
	}
	counts, err := api.LearnedCounts(ctx, c.store)
	if err != nil {
		return err
	}
	for level := learn.Unseen; level <= learn.Settled; level++ {
		gauge(ch, assetsDesc, float64(levels[level]), level.String())
	}
	gauge(ch, endpointsDesc, float64(sum.Endpoints))
	gauge(ch, paramsDesc, float64(sum.Params))
	gauge(ch, candidatesDesc, float64(sum.Candidates))
	gauge(ch, learnedBytesDesc, float64(sum.Bytes))
	counter(ch, evictedDesc, sum.Evicted)
	counter(ch, unassignedDesc, counts.Unassigned)
	counter(ch, droppedDesc, counts.Dropped)
	return nil
}
