package main

import (
	"fmt"

	"github.com/glacis-waf/glacis/conformance/benchset"
	"github.com/glacis-waf/glacis/core"
)

// glacis is the engine of this repository with its embedded model.
type glacis struct{ engine *core.Engine }

func newGlacis() (*glacis, error) {
	e, err := core.New(core.Config{})
	if err != nil {
		return nil, fmt.Errorf("glacis: %w", err)
	}
	return &glacis{engine: e}, nil
}

func (*glacis) name() string { return "glacis" }

func (g *glacis) refuses(r *benchset.Request) (bool, error) {
	v := g.engine.Inspect(&r.Request)
	return v.Action == core.Block, nil
}
