package core

import (
	"fmt"
	"hash/maphash"
	"sync"

	"github.com/glacis-waf/glacis/core/kernel"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/core/walk"
)

// Engine inspects transactions with one model and one configuration. It is
// immutable and safe for concurrent use.
type Engine struct {
	cfg   Config
	model *model.Model
	gate  *kernel.Gate
	name  string
	pool  sync.Pool
	// observed counts requests for the sampling of observations.
	observed uint32
	skim     *walk.Skimmer // nil unless Config.Interpreter
	heads    *walk.Recall  // likewise: blocks of header lines
	targets  *walk.Recall  // likewise: request targets of other than the ordinary kind
	seed     maphash.Seed  // of lineSums
}

// New checks the configuration and makes an Engine.
func New(cfg Config) (*Engine, error) {
	if cfg.Confidence == ConfidenceNone {
		cfg.Confidence = ConfidenceHigh
	}
	if cfg.Confidence > ConfidenceCritical {
		return nil, fmt.Errorf("configure engine: confidence %d is none of medium, high, critical", int(cfg.Confidence))
	}
	cfg.Limits = cfg.Limits.withDefaults()
	m := cfg.Model
	if m == nil {
		basic, err := basicModel()
		if err != nil {
			return nil, fmt.Errorf("load embedded model: %w", err)
		}
		m = basic
	}
	e := &Engine{cfg: cfg, model: m, gate: m.Gate(), name: m.Name()}
	e.prepare()
	return e, nil
}

// prepare makes what texts are proven and recalled with.
func (e *Engine) prepare() {
	if e.cfg.skims() {
		e.skim = e.cfg.Interpreter.skimmer(e.gate)
		e.heads = walk.NewRecall()
		e.targets = walk.NewRecall()
	}
	e.seed = maphash.MakeSeed()
}

// Policy returns the policy, nil if there is none.
func (e *Engine) Policy() *policy.Policy { return e.cfg.Policy }

// Model returns name and version of the model, "basic 1.2.0".
func (e *Engine) Model() string { return e.name }

// ModelType returns the type of the model, "basic" or "advanced".
func (e *Engine) ModelType() string { return e.model.Kind() }

// WithProfile returns an engine like e that reads another learned profile, nil
// for none. Both can be used at the same time; a host swaps them atomically.
func (e *Engine) WithProfile(p *profile.Profile) *Engine {
	next := &Engine{cfg: e.cfg, model: e.model, gate: e.gate, name: e.name}
	next.cfg.Profile = p
	next.prepare()
	return next
}

// WithObserve returns an engine like e with another Config.Observe.
func (e *Engine) WithObserve(n int) *Engine {
	next := &Engine{cfg: e.cfg, model: e.model, gate: e.gate, name: e.name}
	next.cfg.Observe = n
	next.prepare()
	return next
}

// Begin starts a transaction.
func (e *Engine) Begin() *Transaction {
	if t, ok := e.pool.Get().(*Transaction); ok {
		t.reset()
		return t
	}
	return newTransaction(e, nil)
}

// Inspect inspects a whole request.
func (e *Engine) Inspect(r *Request) Verdict {
	t := e.Begin()
	t.run(r)
	v := t.verdict()
	t.Close()
	return v
}

// Visit walks a request and hands every value to sink instead of the model;
// training and explanations use it.
func (e *Engine) Visit(r *Request, sink walk.Sink) {
	t := newTransaction(e, sink)
	t.run(r)
}

func (e *Engine) decompressor(encoding []byte) NewDecompressor {
	for name, make := range e.cfg.Decompressors {
		if walk.EqualFold(encoding, name) {
			return make
		}
	}
	return nil
}
