package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/decompress"
	"github.com/glacis-waf/glacis/policy"
	"github.com/glacis-waf/glacis/sidecar/api"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// heldEngine is the engine of the sidecar's flags, and what replaces it when the
// files of --policy or the model change.
type heldEngine struct {
	engine  atomic.Pointer[core.Engine]
	service atomic.Pointer[inspection.Service]
	models  *modelService
	holder  *policy.Holder // nil without --policy
}

// holdEngine makes the engine with the body limit, the model and the policy of
// the flags.
func (f *sidecarFlags) holdEngine(ctx context.Context, log *slog.Logger) (*heldEngine, error) {
	if f.settings.MaxBodyBytes <= 0 {
		return nil, errors.New("--max-body-bytes must be positive")
	}
	confidence, err := f.engine.level()
	if err != nil {
		return nil, err
	}
	held := &heldEngine{}
	if f.inspection.Shadow, err = f.models.newShadow(log); err != nil {
		return nil, err
	}
	countries, err := f.geo.open(ctx, log)
	if err != nil {
		return nil, err
	}
	a := &assembly{countries: countries, shadow: f.inspection.Shadow, config: core.Config{Confidence: confidence, Decompressors: decompress.All(), Limits: core.Limits{BodyBytes: f.settings.MaxBodyBytes}},
		put: func(e *core.Engine) {
			held.engine.Store(e)
			if s := held.service.Load(); s != nil {
				s.SetEngine(e)
			}
		}}
	if held.models, err = f.models.start(ctx, f.engine.model, a, log); err != nil {
		return nil, err
	}
	f.server.Routes = append(f.server.Routes, api.Shadow(held.models.differences()))
	if f.engine.policy == "" {
		return held, nil
	}
	if held.holder, err = policy.NewHolder(f.engine.policy, f.events.withSinks(a.setPolicy)); err != nil {
		return nil, fmt.Errorf("--policy: %w", err)
	}
	return held, nil
}

// follow gives every later engine to the service, until ctx ends.
func (h *heldEngine) follow(ctx context.Context, service *inspection.Service, log *slog.Logger) {
	h.service.Store(service)
	h.models.metrics(service.Metrics().Registry)
	h.models.follow(ctx)
	if h.holder == nil {
		return
	}
	policyMetrics(service.Metrics().Registry, h.holder)
	watchPolicy(ctx, h.holder, log)
}
