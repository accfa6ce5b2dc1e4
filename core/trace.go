package core

import (
	"strings"

	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/walk"
)

// Step is one value of a trace, in the order of inspection.
type Step struct {
	// Depth is the number of layers undone.
	Depth int `json:"depth"`
	// Location is where the value stands, without the decode chain.
	Location string `json:"location"`
	// Chain is the decode chain, "#percent#base64".
	Chain string `json:"chain,omitempty"`
	// Name is set for names and keys.
	Name bool `json:"name,omitempty"`
	// Value is the value itself, at most 4096 bytes.
	Value string `json:"value"`
	// Hits is the number of gate trigrams; without any, nothing was scored.
	Hits       int          `json:"hits"`
	Score      int          `json:"score"`
	Confidence Confidence   `json:"-"`
	Family     model.Family `json:"-"`
	// Window is the winning run and Start and End are its bounds in Value.
	Window string  `json:"window,omitempty"`
	Start  int     `json:"start"`
	End    int     `json:"end"`
	Tokens []Token `json:"tokens,omitempty"`
}

type tracer struct {
	model  *model.Model
	scorer *model.Scorer
	steps  []Step
}

const maxTraced = 4096

// Trace lists every value of a request with its score, for explanations.
func (e *Engine) Trace(r *Request) []Step {
	t := &tracer{model: e.model, scorer: model.NewScorer(e.model, walk.MaxValue)}
	e.Visit(r, t)
	return t.steps
}

// Value implements walk.Sink.
func (t *tracer) Value(c *walk.Context, v []byte) {
	s := Step{Depth: c.Depth, Location: c.Location(), Name: c.Name, Hits: c.Hits.N}
	if i := strings.IndexByte(s.Location, '#'); i >= 0 {
		s.Location, s.Chain = s.Location[:i], s.Location[i:]
	}
	shown := v
	if len(shown) > maxTraced {
		shown = shown[:maxTraced]
	}
	s.Value = string(shown)
	x := t.scorer.Explain(v, c.Hits, c.Flags)
	if x.Raw != model.Clean {
		level, score := t.model.Level(int(c.Loc), x.Raw)
		s.Score, s.Confidence, s.Family = score, Confidence(level), x.Family
		s.Start, s.End = x.Start, x.End
		s.Window = window(v, x.Start, x.End)
		s.Tokens = tokens(x.Tokens)
	}
	t.steps = append(t.steps, s)
}
