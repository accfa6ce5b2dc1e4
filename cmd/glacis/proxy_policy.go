package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/proxy"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/decompress"
	"github.com/glacis-waf/glacis/policy"
)

// policyInterval is how often the files of a policy are looked at.
const policyInterval = 2 * time.Second

// hold fills in what inspects: engines that are replaced when the policy or the
// model changes, until ctx ends.
func (f *proxyFlags) hold(ctx context.Context, log *slog.Logger) (*proxy.Policies, error) {
	confidence, err := f.engine.level()
	if err != nil {
		return nil, err
	}
	engines, metrics := &proxy.Policies{}, proxy.NewMetrics("")
	if engines.Shadow, err = f.models.newShadow(log); err != nil {
		return nil, err
	}
	countries, err := f.geo.open(ctx, log)
	if err != nil {
		return nil, err
	}
	a := &assembly{config: core.Config{Confidence: confidence, Decompressors: decompress.All()}, shadow: engines.Shadow, countries: countries,
		put: func(e *core.Engine) {
			engines.Set(proxy.NewActive(e, rand.Uint64()))
			metrics.SetModel(e.Model())
		}}
	models, err := f.models.start(ctx, f.engine.model, a, log)
	if err != nil {
		return nil, err
	}
	f.cfg.Inspector, f.cfg.Metrics, f.cfg.Log, f.server.Routes = engines, metrics, log, models.routes()
	models.metrics(metrics.Registry)
	f.status.engine, f.status.models, f.status.counts = engines.Engine, models, metrics.Counts
	if f.engine.policy != "" {
		holder, err := policy.NewHolder(f.engine.policy, f.events.withSinks(a.setPolicy))
		if err != nil {
			return nil, fmt.Errorf("--policy: %w", err)
		}
		f.status.policy = holder
	} else if f.agent.cfg.Sidecar != "" {
		f.receiver = policy.NewReceiver("sidecar", a.setPolicy)
		f.status.policy = f.receiver
	}
	if f.status.policy != nil {
		policyMetrics(metrics.Registry, f.status.policy)
		watchPolicy(ctx, f.status.policy, log)
	}
	models.tell = noticeTo(f.cfg.Events, "glacis/proxy")
	models.follow(ctx)
	return engines, nil
}

// watchPolicy reloads the policy when its files change, an exception expires or
// SIGHUP comes, and says so, until ctx ends.
func watchPolicy(ctx context.Context, h *policy.Holder, log *slog.Logger) {
	report := func(err error) {
		s := h.Status()
		if err != nil {
			log.Error("the policy was not reloaded, the old one stays in force", "policy", s.Policy, "error", err)
			return
		}
		log.Info("policy reloaded", "policy", s.Policy, "warnings", len(s.Warnings))
	}
	onHangup(ctx, func() { report(h.Reload()) })
	go h.Watch(ctx, policyInterval, report)
}

// policyMetrics shows what a Holder knows.
func policyMetrics(reg prometheus.Registerer, h *policy.Holder) {
	gauge := func(name, help string, value func(policy.Status) float64) {
		reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help},
			func() float64 { return value(h.Status()) }))
	}
	counter := func(name, help string, value func(policy.Status) float64) {
		reg.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help},
			func() float64 { return value(h.Status()) }))
	}
	gauge("glacis_policy_error", "1 while the files of the policy are invalid and an older version is in force.", func(s policy.Status) float64 {
		if s.Error != "" {
			return 1
		}
		return 0
	})
	gauge("glacis_policy_warnings", "Warnings about the policy in force, see glacis policy lint.", func(s policy.Status) float64 { return float64(len(s.Warnings)) })
	counter("glacis_policy_reloads_total", "Policies put in force, the first included.", func(s policy.Status) float64 { return float64(s.Reloads) })
	counter("glacis_policy_reload_failures_total", "Policies refused because they were invalid.", func(s policy.Status) float64 { return float64(s.Failures) })
	reg.MustRegister(&exceptionCollector{h})
}

// exceptionCollector shows what the exceptions of the policy in force did.
type exceptionCollector struct{ holder *policy.Holder }

var (
	exceptionDesc = prometheus.NewDesc("glacis_exception_matches_total", "Requests in which an exception matched, by whether that changed the verdict.", []string{"exception", "effect"}, nil)
	policyDesc    = prometheus.NewDesc("glacis_policy_info", "Always 1; the label names the policy in force.", []string{"policy"}, nil)
)

// Describe implements prometheus.Collector.
func (c *exceptionCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- exceptionDesc
	ch <- policyDesc
}

// Collect implements prometheus.Collector.
func (c *exceptionCollector) Collect(ch chan<- prometheus.Metric) {
	current := c.holder.Current()
	if current == nil {
		return
	}
	p := current.Policy
	ch <- prometheus.MustNewConstMetric(policyDesc, prometheus.GaugeValue, 1, p.Version())
	for _, n := range p.Counts() {
		ch <- prometheus.MustNewConstMetric(exceptionDesc, prometheus.CounterValue, float64(n.Applied), n.ID, "applied")
		ch <- prometheus.MustNewConstMetric(exceptionDesc, prometheus.CounterValue, float64(n.Idle), n.ID, "idle")
	}
}
