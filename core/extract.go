package core

import (
	"github.com/glacis-waf/glacis/core/kernel"
	"github.com/glacis-waf/glacis/core/walk"
)

// Extractor takes requests apart without a model: training sees exactly the
// values that inspection sees. It is safe for concurrent use.
type Extractor struct{ engine *Engine }

// NewExtractor makes an Extractor; of the configuration only Limits and
// Decompressors count.
func NewExtractor(cfg Config) *Extractor {
	cfg.Limits = cfg.Limits.withDefaults()
	e := &Engine{cfg: cfg, gate: new(kernel.Gate)}
	// without a model every trigram is of interest
	for i := 0; i < len(e.gate); i++ {
		e.gate[i] = ^uint64(0)
	}
	return &Extractor{engine: e}
}

// Visit walks a request and hands every value in every decoded form to sink.
func (x *Extractor) Visit(r *Request, sink walk.Sink) { x.engine.Visit(r, sink) }
