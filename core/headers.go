package core

import (
	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/core/walk"
)

// Headers judges all header lines at once: lines calls Header for each of them.
// block is a text that is equal for equal lines only, their names and values in
// order. It is for hosts that get it cheaply: where the engine is interpreted,
// blocks that were clean before are not judged again, as clients send the same
// lines with many requests. Elsewhere it is no more than a call of lines.
func (t *Transaction) Headers(block string, lines func()) {
	heads := t.engine.heads
	if heads == nil {
		lines()
		return
	}
	known, ok := heads.Find(0, block)
	if ok && t.headerBytes+known.Input <= t.engine.cfg.Limits.HeaderBytes && t.walker.Spend(known.Input, known.Values, known.Decoded) {
		t.headerBytes += known.Input
		if t.rule != nil {
			t.ruleAgain(known.More, lines)
		}
		t.judge.Raise(known.Score)
		t.contentType = append(t.contentType[:0], known.Type...)
		t.encoding = append(t.encoding[:0], known.Encoding...)
		return
	}
	values, decoded := t.walker.Spent()
	counts, limits, input, best, made := t.walker.Counts, t.limits, t.headerBytes, t.judge.best, t.judge.made
	t.judge.best = 0
	lines()
	if t.walker.Counts == counts && t.limits == limits && t.judge.made == made {
		v, d := t.walker.Spent()
		var more interface{}
		if t.rule != nil {
			more = t.rule.Heads()
		}
		heads.Keep(0, block, walk.Outcome{More: more, Score: t.judge.best, Values: v - values, Decoded: d - decoded,
			Input: t.headerBytes - input, Type: string(t.contentType), Encoding: string(t.encoding)})
	}
	t.judge.Raise(best)
}

// ruleAgain has the policy look at lines that the model need not see again.
func (t *Transaction) ruleAgain(told interface{}, lines func()) {
	h, ok := told.(*policy.Heads)
	if ok && t.rule.Recall(h) {
		return
	}
	before := t.headerBytes
	t.rule.only = true
	lines()
	t.rule.only = false
	t.headerBytes = before
}
