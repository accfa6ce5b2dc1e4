package core

import (
	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
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
	// made counts the values that reached a level, whatever became of them.
	made  int
	rule  *rule
	trial trial
	// learned is nil unless there is a profile or observation.
	learned *learned
}

func newJudge(e *Engine) *judge {
	return &judge{model: e.model, scorer: model.NewScorer(e.model, walk.MaxValue), block: e.cfg.Confidence, learned: newLearned(e)}
}

func (j *judge) reset() {
	j.best, j.made = 0, 0
	j.findings = nil
	if j.learned != nil {
		j.learned.reset()
	}
}

// Value implements walk.Sink.
func (j *judge) Value(c *walk.Context, v []byte) {
	if j.learned != nil && j.learned.looks {
		j.learned.value(c, v)
	}
	if c.Hits.N == 0 {
		return
	}
	raw := j.scorer.Score(v, c.Hits, c.Flags)
	if raw == model.Clean {
		return
	}
	level, score := j.model.Level(int(c.Loc), raw)
	if j.learned != nil && j.learned.wants(c, level, score) {
		if level == 0 && j.learned.vain(j, c, v, score) {
			return
		}
		j.made++
		j.learned.suspect(j, c, v, Confidence(level), score)
		return
	}
	if level > 0 && j.trial.on {
		j.trial.void = true
		return
	}
	if level > 0 {
		j.made++
		if j.rule != nil && j.rule.HasLocal() {
			j.weigh(c, v, Confidence(level), score)
			return
		}
		j.reach(Confidence(level))
		j.find(c, v, Confidence(level), score)
	}
	if score > j.best {
		j.best = score
	}
}

// reach notes the confidence of evidence that counts.
func (j *judge) reach(level Confidence) {
	if j.rule != nil && level > j.rule.level {
		j.rule.level = level
	}
}

// find keeps a finding if it is among the strongest.
func (j *judge) find(c *walk.Context, v []byte, level Confidence, score int) {
	if rank(j.findings, score) < maxFindings {
		j.findings = insert(j.findings, j.explain(c, v, level, score))
	}
}

// insert adds a finding that counts.
func (j *judge) insert(f Finding) {
	j.reach(f.Confidence)
	j.best = larger(j.best, f.Score)
	j.findings = insert(j.findings, f)
}

// explain makes a finding.
func (j *judge) explain(c *walk.Context, v []byte, level Confidence, score int) Finding {
	return j.explainAs(c.Location(), v, c.Hits, c.Flags, level, score)
}

func (j *judge) explainAs(location string, v []byte, hits *kernel.Hits, flags decode.Flags, level Confidence, score int) Finding {
	x := j.scorer.Explain(v, hits, flags)
	return Finding{Location: location, Family: x.Family, Confidence: level, Score: score,
		Window: window(v, x.Start, x.End), Tokens: tokens(x.Tokens)}
}

// rank is where a score belongs in a list: the strongest come first, equal
// ones in their order.
func rank(list []Finding, score int) int {
	i := len(list)
	for i > 0 && list[i-1].Score < score {
		i--
	}
	return i
}

// insert puts a finding where it belongs, if that is among the first.
func insert(list []Finding, f Finding) []Finding {
	i := rank(list, f.Score)
	if i >= maxFindings {
		return list
	}
	if len(list) < maxFindings {
		list = append(list, Finding{})
	}
	copy(list[i+1:], list[i:])
	list[i] = f
	return list
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
