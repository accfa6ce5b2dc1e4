package evade

import (
	"net/url"
	"strings"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/walk"
)

// Target is an engine under attack. It is safe for concurrent use.
type Target struct {
	engine *core.Engine
	model  *model.Model
}

// NewTarget makes a target. The model must be the engine's own: it is asked for
// the raw scores, which guide the search where the engine's 0 to 100 stands
// still. Whether a request gets through is the engine's word alone.
func NewTarget(e *core.Engine, m *model.Model) *Target { return &Target{engine: e, model: m} }

// maxQuery bounds the values sent in a query, in bytes; longer ones are sent in
// a form field. Servers take request lines of 8 to 64 KiB; beyond 64 KiB the
// engine says in the verdict that it did not look.
const maxQuery = 8 << 10

// request wraps a value into the request that carries it.
func request(value string, post bool) *core.Request {
	host := core.Header{Name: "Host", Value: "localhost"}
	if !post && len(value) <= maxQuery {
		v := strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
		return &core.Request{Method: "GET", URI: "/?p=" + v, Headers: []core.Header{host}}
	}
	return &core.Request{Method: "POST", URI: "/", Body: []byte("p=" + url.QueryEscape(value)),
		Headers: []core.Header{host, {Name: "Content-Type", Value: "application/x-www-form-urlencoded"}}}
}

// Blocks reports whether the engine blocks a value.
func (t *Target) Blocks(value string, post bool) bool {
	return t.engine.Inspect(request(value, post)).Action == core.Block
}

// score returns a function that scores values like the engine, 0 to 100, refined
// by the raw score: what is higher by it is not lower for the engine. The
// function is for one goroutine.
func (t *Target) score(post bool) func(value string) float64 {
	g := gauge{model: t.model, scorer: model.NewScorer(t.model, walk.MaxValue)}
	return func(value string) float64 {
		g.top = 0
		t.engine.Visit(request(value, post), &g)
		return g.top
	}
}

// gauge is a sink that keeps the highest score.
type gauge struct {
	model  *model.Model
	scorer *model.Scorer
	top    float64
}

// fine is the weight of the raw score beside the engine's: raw scores are sums
// of int8, of each feature of a value once, and stay below 1e8.
const fine = 1e-9

// Value implements walk.Sink.
func (g *gauge) Value(c *walk.Context, v []byte) {
	if c.Hits.N == 0 {
		return
	}
	raw := g.scorer.Score(v, c.Hits, c.Flags)
	if raw == model.Clean {
		return
	}
	_, score := g.model.Level(int(c.Loc), raw)
	g.top = max(g.top, float64(score)+fine*float64(raw))
}
