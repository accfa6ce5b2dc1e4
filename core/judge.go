package core

import "github.com/glacis-waf/glacis/core/walk"

type judge struct{ e *Engine }

func newJudge(e *Engine) *judge { return &judge{e: e} }

func (j *judge) reset() {}

// Value implements walk.Sink.
func (j *judge) Value(c *walk.Context, v []byte) {}

func (j *judge) fill(v *Verdict) {}
