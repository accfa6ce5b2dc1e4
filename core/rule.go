package core

import (
	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/core/walk"
)

// maxWaiting is how many findings wait for the end of the headers. What comes
// beyond that counts without regard to exceptions: an attacker who sends many
// findings gains nothing.
const maxWaiting = 64

// rule is what a transaction keeps for its policy.
type rule struct {
	*policy.Ruling
	policy *policy.Policy
	// level is the confidence of the strongest evidence that counts.
	level Confidence
	// pending waits for Settle, logged is what exceptions only report.
	pending []pending
	logged  []Finding
	blocked bool
	// only is set while lines are shown that the model need not see again.
	only bool
}

// pending is a finding whose exceptions depend on headers yet to come.
type pending struct {
	finding    Finding
	candidates []int
}

func newRule(p *policy.Policy) *rule { return &rule{Ruling: p.NewRuling(), policy: p} }

// unrule begins a request.
func (t *Transaction) unrule() {
	t.rule.Reset()
	t.rule.level = ConfidenceNone
	t.rule.pending = nil
	t.rule.logged = nil
	t.rule.blocked = false
	t.rule.only = false
	l := &t.engine.cfg.Limits
	t.walker.SetLimits(l.Depth, l.Values)
}

// Source notes the client's address, without or with a port, for the policy.
// Call it before EndHeaders; forwarding headers must have been resolved, see
// policy.Policy.Source.
func (t *Transaction) Source(address string) {
	if t.rule != nil {
		t.rule.From(address)
	}
}

// settle judges what had to wait until all headers are known.
func (t *Transaction) settle() {
	t.settleRule()
	if t.judge != nil && t.judge.learned != nil {
		t.judge.learned.open(t.judge)
	}
}

// settleRule chooses the asset.
func (t *Transaction) settleRule() {
	if t.rule == nil || t.judge == nil || t.rule.Settled() {
		return
	}
	t.rule.Settle()
	r := t.rule.Rules()
	l := &r.Settings.Limits
	if l.Depth > 0 || l.Values > 0 {
		d := t.engine.cfg.Limits
		if l.Depth > 0 {
			d.Depth = l.Depth
		}
		if l.Values > 0 {
			d.Values = l.Values
		}
		t.walker.SetLimits(d.Depth, d.Values)
	}
	for i := 0; i < len(t.rule.pending); i++ {
		t.judge.decide(t.rule.pending[i].finding, t.rule.pending[i].candidates)
	}
	t.rule.pending = nil
}

// bodyRoom is how much more of the body is inspected.
func (t *Transaction) bodyRoom() int64 {
	limit := t.engine.cfg.Limits.BodyBytes
	if t.rule != nil {
		if n, _ := t.rule.Rules().Body(t.contentType); n > 0 {
			limit = int64(n)
		}
	}
	return limit - t.bodyBytes
}

// overBody notes that a body is longer than what is inspected of it.
func (t *Transaction) overBody() {
	if t.rule != nil {
		_, block := t.rule.Rules().Body(t.contentType)
		t.rule.OverLimit("bodyBytes", block)
	}
}

// weigh judges evidence that may fall under an exception.
func (j *judge) weigh(c *walk.Context, v []byte, level Confidence, score int) {
	candidates := j.rule.Candidates(c.Location(), v, c.Partial)
	if len(candidates) == 0 {
		j.reach(level)
		j.find(c, v, level, score)
		j.best = larger(j.best, score)
		return
	}
	f := j.explain(c, v, level, score)
	candidates = j.rule.Explained(candidates, f.Family.Name(), texts(f.Tokens))
	if len(candidates) > 0 && !j.rule.Settled() {
		if len(j.rule.pending) < maxWaiting {
			j.rule.pending = append(j.rule.pending, pending{f, candidates})
			return
		}
		candidates = nil
	}
	j.decide(f, candidates)
}

func texts(tokens []Token) []string {
	out := make([]string, len(tokens))
	for i := 0; i < len(out); i++ {
		out[i] = tokens[i].Text
	}
	return out
}

// decide puts a finding where those of its exceptions want it that hold for
// the request, which must be settled if there are any.
func (j *judge) decide(f Finding, candidates []int) {
	outcome := policy.Keep
	if len(candidates) > 0 {
		outcome = j.rule.Decide(candidates, int(f.Confidence))
	}
	if outcome == policy.Keep {
		j.insert(f)
	}
	if outcome == policy.LogOnly {
		f.LogOnly = true
		j.rule.logged = insert(j.rule.logged, f)
	}
}

// fill puts the policy's decision into a verdict that has the judge's.
func (r *rule) fill(v *Verdict, j *judge) {
	v.Policy = r.policy.Version()
	v.FailMode = r.policy.FailMode()
	if !r.Settled() {
		v.Action = Pass
		return
	}
	rules := r.Rules()
	v.Asset, v.Mode = rules.Name, rules.Settings.Mode
	if rules.Off() {
		v.Action, v.Score, v.Confidence, v.Family = Pass, 0, ConfidenceNone, 0
		v.Location = ""
		v.Window = ""
		v.Findings = nil
		return
	}
	l := &rules.Settings.Limits
	r.over(v, LimitDepth, "depth", l.OverLimit == "block")
	r.over(v, LimitValues, "values", l.OverLimit == "block")
	if len(r.logged) > 0 {
		r.report(v, j)
	}
	judgment := r.Judge(int(r.level))
	v.Action, v.Reason = Pass, judgment.Reason
	if judgment.Block {
		v.Action = Block
	}
	r.blocked = judgment.Block
	v.Exceptions = r.Marks(int(r.level), r.blocked)
	v.Violations = r.Violations()
	r.mask(v)
}

// mask hides the text of places that the policy redacts.
func (r *rule) mask(v *Verdict) {
	for i := 0; i < len(v.Findings); i++ {
		f := &v.Findings[i]
		if r.policy.Redacts(f.Location) {
			f.Window = Masked
			f.Tokens = nil
			if f.Location == v.Location {
				v.Window = Masked
			}
		}
	}
}

// Masked stands in verdicts for text that the policy redacts.
const Masked = "[masked]"

// report adds the findings that are only reported behind those that count.
func (r *rule) report(v *Verdict, j *judge) {
	all := append(append([]Finding{}, j.findings...), r.logged...)
	if len(all) > maxFindings {
		all = all[:maxFindings]
	}
	v.Findings = all
	if len(j.findings) == 0 {
		top := &all[0]
		v.Score, v.Confidence, v.Family = top.Score, top.Confidence, top.Family
		v.Location, v.Window = top.Location, top.Window
	}
}

// over turns a limit that was met into a violation where the asset wants that.
func (r *rule) over(v *Verdict, kind LimitKind, key string, block bool) {
	if v.Limits[kind] > 0 {
		r.OverLimit(key, block)
	}
}

// close counts the request.
func (r *rule) close() {
	if r.Settled() {
		r.Count(int(r.level), r.blocked)
	}
}
