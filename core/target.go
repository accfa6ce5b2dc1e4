package core

import "github.com/glacis-waf/glacis/core/walk"

// target judges the request target. Where the engine is interpreted, one that
// was clean before is not judged again: pages and what they load come often.
func (t *Transaction) target(line []byte, uri string) {
	e := t.engine
	if e.targets == nil || t.judge == nil {
		t.walker.Target(line)
		return
	}
	if t.walker.Ordinary(line) {
		return
	}
	known, ok := e.targets.Find(0, uri)
	if ok && t.walker.Spend(len(uri), known.Values, known.Decoded) {
		t.judge.Raise(known.Score)
		return
	}
	values, decoded := t.walker.Spent()
	counts, best, made := t.walker.Counts, t.judge.best, t.judge.made
	t.judge.best = 0
	t.walker.Target(line)
	if t.walker.Counts == counts && t.judge.made == made {
		v, d := t.walker.Spent()
		e.targets.Keep(0, uri, walk.Outcome{Score: t.judge.best, Values: v - values, Decoded: d - decoded})
	}
	t.judge.Raise(best)
}
