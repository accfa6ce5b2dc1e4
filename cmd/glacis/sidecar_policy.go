package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/decompress"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/policy"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// heldEngine is the engine of the sidecar's flags, and what replaces it when the
// files of --policy change.
type heldEngine struct {
	engine  atomic.Pointer[core.Engine]
	service atomic.Pointer[inspection.Service]
	holder  *policy.Holder // nil without --policy
}

// holdEngine makes the engine with the body limit and the policy of the flags.
func (f *sidecarFlags) holdEngine() (*heldEngine, error) {
	if f.settings.MaxBodyBytes <= 0 {
		return nil, errors.New("--max-body-bytes must be positive")
	}
	confidence, ok := core.ParseConfidence(f.engine.confidence)
	if !ok || confidence == core.ConfidenceNone {
		return nil, fmt.Errorf("--confidence %q is none of medium, high, critical", f.engine.confidence)
	}
	m, err := openModel(f.engine.model)
	if err != nil {
		return nil, fmt.Errorf("--model: %w", err)
	}
	held := &heldEngine{}
	use := func(l *policy.Loaded) error {
		engine, err := core.New(core.Config{Model: m, Confidence: confidence, Decompressors: decompress.All(),
			Limits: core.Limits{BodyBytes: f.settings.MaxBodyBytes}, Policy: l.Policy})
		if err != nil {
			return fmt.Errorf("make the engine: %w", err)
		}
		held.engine.Store(engine)
		if s := held.service.Load(); s != nil {
			s.SetEngine(engine)
		}
		return nil
	}
	if f.engine.policy == "" {
		return held, use(&policy.Loaded{})
	}
	if held.holder, err = policy.NewHolder(f.engine.policy, use); err != nil {
		return nil, fmt.Errorf("--policy: %w", err)
	}
	return held, nil
}

// follow gives every later engine to the service, until ctx ends.
func (h *heldEngine) follow(ctx context.Context, service *inspection.Service, log *slog.Logger) {
	h.service.Store(service)
	if h.holder == nil {
		return
	}
	policyMetrics(service.Metrics().Registry, h.holder)
	watchPolicy(ctx, h.holder, log)
}
