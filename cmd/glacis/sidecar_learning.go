package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/sidecar/api"
	"github.com/glacis-waf/glacis/sidecar/learn"
	"github.com/glacis-waf/glacis/sidecar/signing"
	"github.com/glacis-waf/glacis/sidecar/store"
)

// learningFlags are the flags of "glacis sidecar" about learning.
type learningFlags struct {
	store      store.Config
	assets     []string
	signingKey string
	speed      int
}

func (f *learningFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.store.Dir, "store", "", "directory for what is learned; without it and --nats-url nothing is learned")
	flags.StringVar(&f.store.URL, "nats-url", "", "external NATS cluster with JetStream, nats://host:port[,…], in the place of the server within the process")
	flags.StringVar(&f.store.Credentials, "nats-creds", "", "credentials for the cluster (.creds file)")
	flags.StringVar(&f.store.CA, "nats-ca", "", "authority of the cluster's certificates (PEM file)")
	flags.StringVar(&f.store.Cert, "nats-cert", "", "certificate for the cluster (PEM file)")
	flags.StringVar(&f.store.Key, "nats-key", "", "its private key (PEM file)")
	flags.IntVar(&f.store.Replicas, "nats-replicas", 0, "servers of the cluster that keep each message (default 3)")
	flags.Int64Var(&f.store.StreamBytes, "stream-bytes", 0, "observations that may wait to be part of a saved state (default 1 GiB)")
	flags.DurationVar(&f.store.Learn.Window, "learn-window", 10*time.Minute, "window of learning, 1m to 24h")
	flags.IntVar(&f.speed, "learn-speed", 1, "for demonstrations: windows pass so many times as fast as the clock, 1 to 60")
	flags.IntVar(&f.store.Learn.Sources, "learn-sources", 0, "independent sources that make an item mature (default 20)")
	flags.IntVar(&f.store.Learn.Requests, "learn-requests", 0, "requests that make an item mature (default 500)")
	flags.StringArrayVar(&f.assets, "asset", nil, "application to learn, name=host[/base], with *.host for all below; may be given again; without any every host is one")
	flags.StringVar(&f.signingKey, "signing-key", "", "key that profiles are signed with, made if there is none (default signing.key in --store)")
}

// config turns the flags into the store's configuration.
func (f *learningFlags) config(log *slog.Logger) (store.Config, error) {
	cfg := f.store
	cfg.Log = log
	for _, text := range f.assets {
		name, place, ok := strings.Cut(text, "=")
		host, base, _ := strings.Cut(place, "/")
		if !ok || name == "" || host == "" {
			return cfg, fmt.Errorf("--asset %q: want name=host[/base]", text)
		}
		cfg.Learn.Assets = append(cfg.Learn.Assets, learn.AssetRule{Name: name, Host: host, Base: "/" + base})
	}
	if f.signingKey == "" && f.store.Dir == "" {
		return cfg, errors.New("--signing-key is required with --nats-url and without --store")
	}
	if f.speed < 1 || f.speed > maxLearnSpeed {
		return cfg, fmt.Errorf("--learn-speed %d: want 1 to %d", f.speed, maxLearnSpeed)
	}
	if f.speed > 1 {
		log.Warn("windows of learning pass faster than the clock: for demonstrations only", "speed", f.speed)
		start := time.Now()
		cfg.Now = func() time.Time { return start.Add(time.Duration(f.speed) * time.Since(start)) }
	}
	return cfg, nil
}

// maxLearnSpeed makes a window of a minute last a second.
const maxLearnSpeed = 60

// learning is the part of a sidecar that learns.
type learning struct {
	store  *store.Store
	routes []api.Route
	agent  *agent.Agent
	// sign signs a model for those who cannot check its publisher's signature.
	sign func(tables []byte) string
	// signPolicy signs the policy for wrappers.
	signPolicy func(compiled []byte) string
	// about is what the agent says of the sidecar; nil until it is known.
	about atomic.Pointer[statusSource]
}

// state is what the agent reports.
func (l *learning) state(mode string) agent.State {
	state := agent.State{Mode: mode}
	if s := l.about.Load(); s != nil {
		s.fill(&state)
	}
	return state
}

// profile is the version of the profile in force, "" for none.
func (l *learning) profile() string {
	_, version, _ := l.store.Snapshot()
	return version
}

// open opens the store, within the bounds of the policy; nil if nothing is to be
// learned.
func (f *learningFlags) open(ctx context.Context, mode string, current func() *core.Engine, events *api.Events, log *slog.Logger) (*learning, error) {
	if f.store.Dir == "" && f.store.URL == "" {
		return nil, nil
	}
	cfg, err := f.config(log)
	if err != nil {
		return nil, err
	}
	bound(&cfg, current)
	s, err := store.Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	file := f.signingKey
	if file == "" {
		file = filepath.Join(cfg.Dir, "signing.key")
	}
	l := &learning{store: s}
	if err := l.start(file, mode, events, log); err != nil {
		s.Close()
		return nil, err
	}
	return l, nil
}

// start makes the endpoints, and the agent for what the sidecar inspects itself.
func (l *learning) start(keyFile, mode string, events *api.Events, log *slog.Logger) error {
	key, err := signing.LoadKey(keyFile)
	if err != nil {
		return err
	}
	endpoints, err := api.NewLearningWith(l.store, key, events)
	if err != nil {
		return err
	}
	l.routes, l.sign, l.signPolicy = endpoints.Routes(), key.SignModel, key.SignPolicy
	l.agent, err = agent.Start(agent.Config{Sidecar: "self", Kind: "sidecar", Version: core.Version, PublicKey: key.Public().String(), Log: log,
		Transport: api.Local{Handler: api.New("", endpoints.Own()...)}, State: func() agent.State { return l.state(mode) }})
	return err
}

// metrics shows what the store does.
func (l *learning) metrics(reg prometheus.Registerer) {
	counter := func(name, help string, value func(store.Counts) uint64) {
		reg.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return float64(value(l.store.Counts())) }))
	}
	counter("glacis_observations_total", "Observations stored.", func(c store.Counts) uint64 { return c.Records })
	counter("glacis_observations_malformed_total", "Records that were no observations.", func(c store.Counts) uint64 { return c.Malformed })
	counter("glacis_observation_batches_total", "Batches of observations stored.", func(c store.Counts) uint64 { return c.Batches })
	counter("glacis_observation_batches_refused_total", "Batches that could not be stored and may come again.", func(c store.Counts) uint64 { return c.Refused })
	counter("glacis_store_damaged_total", "Saved data that could not be read.", func(c store.Counts) uint64 { return c.Damaged })
	reg.MustRegister(&learningCollector{l.store})
	reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "glacis_store_ready", Help: "1 while observations are taken and all has been loaded."}, func() float64 {
		if l.store.Ready() {
			return 1
		}
		return 0
	}))
}

// close ends learning after the last request.
func (l *learning) close() {
	l.agent.Close()
	l.store.Close()
}
