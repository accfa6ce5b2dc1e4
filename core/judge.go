package core

import (
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/walk"
)

const (
	maxFindings = 8
	maxWindow   = 160
)

// judge is the walker's sink: it scores every value and keeps the findings.
type judge struct {
	model    *model.Model
	scorer   *model.Scorer
	block    Confidence
	best     int
	findings []Finding
}

func newJudge(e *Engine) *judge {
	return &judge{model: e.model, scorer: model.NewScorer(e.model, walk.MaxValue), block: e.cfg.Confidence}
}

func (j *judge) reset() {
	j.best = 0
	j.findings = nil
}

// Value implements walk.Sink.
func (j *judge) Value(c *walk.Context, v []byte) {
	if c.Hits.N == 0 {
		return
	}
	raw := j.scorer.Score(v, c.Hits, c.Flags)
	if raw == model.Clean {
		return
	}
	level, score := j.model.Level(int(c.Loc), raw)
	if score > j.best {
		j.best = score
	}
	if level > 0 {
		j.find(c, v, Confidence(level), score)
	}
}

// find keeps a finding: the strongest come first, equal ones in their order.
func (j *judge) find(c *walk.Context, v []byte, level Confidence, score int) {
	i := len(j.findings)
	for i > 0 && j.findings[i-1].Score < score {
		i--
	}
	if i >= maxFindings {
		return
	}
	x := j.scorer.Explain(v, c.Hits, c.Flags)
	f := Finding{Location: c.Location(), Family: x.Family, Confidence: level, Score: score,
		Window: window(v, x.Start, x.End), Tokens: tokens(x.Tokens)}
	if len(j.findings) < maxFindings {
		j.findings = append(j.findings, Finding{})
	}
	copy(j.findings[i+1:], j.findings[i:])
	j.findings[i] = f
}

// window cuts the winning run out of v.
func window(v []byte, start, end int) string {
	if end-start > maxWindow {
		end = start + maxWindow
	}
	return string(v[start:end])
}

func tokens(in []model.Token) []Token {
	out := make([]Token, len(in))
	for i := 0; i < len(in); i++ {
		out[i] = Token{Text: in[i].Text, Weight: in[i].Weight}
	}
	return out
}

func (j *judge) fill(v *Verdict) {
	v.Score = j.best
	if len(j.findings) == 0 {
		return
	}
	top := &j.findings[0]
	v.Score, v.Confidence, v.Family = top.Score, top.Confidence, top.Family
	v.Location, v.Window, v.Findings = top.Location, top.Window, j.findings
	if v.Confidence >= j.block {
		v.Action = Block
	}
}
