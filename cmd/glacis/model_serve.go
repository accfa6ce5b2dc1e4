package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/delivery/registry"
	"github.com/glacis-waf/glacis/models/shadow"
	"github.com/glacis-waf/glacis/sidecar"
)

// modelInterval is how often the sources of models are looked at.
const modelInterval = 2 * time.Second

// modelService keeps the models of a serving program: the one in force, the
// shadow, and what is known of newer ones.
type modelService struct {
	holder *delivery.Holder
	second *delivery.Holder // nil without a shadow
	shadow *shadow.Shadow   // likewise
	log    *slog.Logger

	client *registry.Client // nil without a registry
	poll   time.Duration
	notice atomic.Pointer[registry.Description] // a newer model
	asked  atomic.Int64
	failed atomic.Int64
	// tell is told of a newer model, once; nil for nobody. It is set before
	// follow.
	tell func(current, newer string)
}

// start puts the model in force that flag, environment or the usual places
// name, in an engine of a. A model that was named must be good; one that was
// found is refused with a record in the log if it is not, and the embedded one
// serves. What changes later comes with follow.
func (f *modelFlags) start(ctx context.Context, flag string, a *assembly, log *slog.Logger) (*modelService, error) {
	trust, err := f.trust()
	if err != nil {
		return nil, err
	}
	if flag != "" && len(trust.Keys()) == 0 && !trust.AllowUnsigned {
		// Whoever names a local file on the command line and trusts no key
		// vouches for the file. What comes over a network is signed always.
		trust.AllowUnsigned = true
		log.Warn("no model key is trusted: the local file that --model names is taken without a signature")
	}
	s := &modelService{log: log, poll: f.poll, shadow: a.shadow}
	if f.registry != "" {
		if f.poll < registry.MinPoll {
			return nil, fmt.Errorf("--model-poll %v is shorter than %v", f.poll, registry.MinPoll)
		}
		if s.client, err = registry.New(f.registry, registry.Options{UserAgent: "glacis/" + core.Version}); err != nil {
			return nil, fmt.Errorf("--model-registry: %w", err)
		}
	}
	token := ""
	if f.tokenFile != "" {
		if token, err = sidecar.ReadToken(f.tokenFile); err != nil {
			return nil, fmt.Errorf("--model-token-file: %w", err)
		}
	}
	if err := a.start(); err != nil {
		return nil, err
	}
	if f.shadow != "" {
		s.second = delivery.NewHolder(trust, a.setSecond)
		if err := point(ctx, s.second, f.shadow, token); err != nil {
			return nil, fmt.Errorf("--shadow-model: %w", err)
		}
	}
	s.holder = delivery.NewHolder(trust, a.setModel)
	if where := (delivery.Places{Model: flag}).Location(); where != "" {
		if err := point(ctx, s.holder, where, token); err != nil {
			return nil, fmt.Errorf("--model: %w", err)
		}
		return s, nil
	}
	implicit := delivery.Places{Store: f.store}.Implicit()
	a.follow = followPolicy(ctx, s.holder, implicit, token)
	if err := s.holder.Follow(ctx, implicit); err != nil {
		s.report(s.holder, "model", err)
	}
	return s, nil
}

func point(ctx context.Context, h *delivery.Holder, where, token string) error {
	source, err := delivery.Resolve(where, token)
	if err != nil {
		return err
	}
	err = h.Point(ctx, source)
	if errors.Is(err, delivery.ErrUnsigned) || errors.Is(err, delivery.ErrNoKeys) {
		return fmt.Errorf("%w; --model-unsigned takes local files all the same", err)
	}
	return err
}

// report says what became of a change.
func (s *modelService) report(h *delivery.Holder, what string, err error) {
	st := h.Status()
	name := st.Model
	if name == "" {
		name = "embedded"
	}
	if err != nil {
		s.log.Error("the "+what+" was refused, the old one stays in force", "model", safetext.UTF8(name), "error", safetext.UTF8(err.Error()))
		return
	}
	s.log.Info(what+" in force", "model", safetext.UTF8(name), "digest", st.Digest, "signer", st.Signer, "origin", safetext.UTF8(st.Origin))
}

// follow watches sources, SIGHUP and the registry until ctx ends.
func (s *modelService) follow(ctx context.Context) {
	go s.holder.Watch(ctx, modelInterval, func(err error) { s.report(s.holder, "model", err) })
	if s.second != nil {
		go s.second.Watch(ctx, modelInterval, func(err error) { s.report(s.second, "shadow model", err) })
		go s.shadow.Run(ctx)
	}
	onHangup(ctx, func() { _ = s.reload(ctx) }) // what goes wrong is in the log
	if s.client != nil {
		go s.client.Poll(ctx, s.poll, s.newer)
	}
}

// reload loads the models anew and says in the log what came of it.
func (s *modelService) reload(ctx context.Context) error {
	err := s.holder.Reload(ctx)
	s.report(s.holder, "model", err)
	if s.second != nil {
		shadowErr := s.second.Reload(ctx)
		s.report(s.second, "shadow model", shadowErr)
		err = errors.Join(err, shadowErr)
	}
	return err
}

// newer takes an answer of the registry. A newer model is told of once.
func (s *modelService) newer(d *registry.Description, err error) {
	s.asked.Add(1)
	if err != nil {
		s.failed.Add(1)
		s.log.Warn("the model registry did not answer", "error", safetext.UTF8(err.Error()))
		return
	}
	name, version, digest := "basic", "", ""
	if m := s.holder.Current(); m != nil {
		digest = m.Digest
		if m.Report.Manifest != nil {
			name, version = m.Report.Manifest.Name, m.Report.Manifest.Version
		}
	}
	if !d.Newer(name, version, digest) {
		s.notice.Store(nil)
		return
	}
	if old := s.notice.Swap(d); old == nil || old.Digest != d.Digest {
		s.log.Warn("a newer model is available", "model", safetext.UTF8(d.Name+" "+d.Version), "created", safetext.UTF8(d.Created),
			"registry", s.client.String(), "digest", d.Digest, "install", "glacis model pull "+s.client.String())
		if s.tell != nil {
			s.tell(strings.TrimSpace(name+" "+version), d.Name+" "+d.Version)
		}
	}
}

// metrics shows all of it.
func (s *modelService) metrics(reg prometheus.Registerer) {
	gauge := func(name, help string, f func() float64) {
		reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, f))
	}
	counter := func(name, help string, f func() float64) {
		reg.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, f))
	}
	flag := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	gauge("glacis_model_error", "1 while the model that is to be in force was refused and an older one serves.", func() float64 { return flag(s.holder.Status().Error != "") })
	gauge("glacis_model_signed", "1 if the model in force was verified with a trusted key; 0 for the embedded one.", func() float64 { return flag(s.holder.Status().Signer != "") })
	counter("glacis_model_loads_total", "Models put in force, without the embedded one.", func() float64 { return float64(s.holder.Status().Loads) })
	counter("glacis_model_load_failures_total", "Models refused.", func() float64 { return float64(s.holder.Status().Failures) })
	if s.client != nil {
		gauge("glacis_model_update_available", "1 while the registry has a newer model.", func() float64 { return flag(s.notice.Load() != nil) })
		counter("glacis_model_update_checks_total", "Times that the registry was asked.", func() float64 { return float64(s.asked.Load()) })
		counter("glacis_model_update_check_failures_total", "Times that it did not answer as it should.", func() float64 { return float64(s.failed.Load()) })
	}
	if s.shadow != nil {
		reg.MustRegister(s.shadow.Metrics())
	}
}
