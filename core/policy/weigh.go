package policy

import "sync/atomic"

// Outcome says what becomes of a piece of evidence.
type Outcome uint8

// The outcomes.
const (
	// Keep: it counts.
	Keep Outcome = iota
	// Skip: it is left out.
	Skip
	// LogOnly: it is reported but does not block.
	LogOnly
)

// Candidates returns the exceptions that evidence in a value may fall under,
// as far as its place and text tell. Nil means that it counts. The work a
// request may cause is bounded: when it is used up, evidence counts without
// regard to exceptions.
func (r *Ruling) Candidates(location string, value []byte, partial bool) []int {
	var out []int
	p := r.policy
	for i := 0; i < len(p.local); i++ {
		e := p.exceptions[p.local[i]]
		r.work++
		if r.work > maxWork {
			return nil
		}
		if len(e.places) > 0 && !matchAny(e.places, location) {
			continue
		}
		if e.value != nil {
			if partial || len(value) > maxValue {
				continue
			}
			r.work += len(value) / 16
			if !e.value.Match(value) {
				continue
			}
		}
		out = append(out, p.local[i])
	}
	return out
}

// maxWork is how often a request may have evidence compared with an exception;
// 16 bytes under a value pattern count as much. It is some 50 ms at the worst.
const maxWork = 1 << 16

// HasLocal says whether any exception depends on evidence.
func (r *Ruling) HasLocal() bool { return len(r.policy.local) > 0 }

// Explained drops the candidates that ask for another family or for features
// that are not among tokens. It works in place.
func (r *Ruling) Explained(candidates []int, family string, tokens []string) []int {
	out := candidates[:0]
	for i := 0; i < len(candidates); i++ {
		e := r.policy.exceptions[candidates[i]]
		if e.families != nil && !e.families[family] {
			continue
		}
		if e.indicators != nil {
			found := false
			for k := 0; k < len(tokens); k++ {
				found = found || e.indicators[tokens[k]]
			}
			if !found {
				continue
			}
		}
		out = append(out, candidates[i])
	}
	return out
}

// Decide picks among the candidates the one that counts, once the request's
// headers are known: the first of the strongest action. level is the
// confidence of the evidence.
func (r *Ruling) Decide(candidates []int, level int) Outcome {
	best := -1
	for i := 0; i < len(candidates); i++ {
		n := candidates[i]
		e := r.policy.exceptions[n]
		if !r.applies(n) {
			continue
		}
		if e.expired {
			r.mark(n, level)
			continue
		}
		if best < 0 || e.rank < r.policy.exceptions[best].rank {
			best = n
		}
	}
	if best < 0 {
		return Keep
	}
	return r.note(best, level)
}

// note applies an exception.
func (r *Ruling) note(n, level int) Outcome {
	r.mark(n, level)
	if r.policy.exceptions[n].expired {
		return Keep
	}
	switch r.policy.exceptions[n].rank {
	case rankBlock:
		r.forced = true
	case rankAllow:
		r.allowed = true
	case rankSkip:
		return Skip
	case rankLogOnly:
		return LogOnly
	}
	return Keep
}

// mark remembers that an exception matched; of several times the strongest.
func (r *Ruling) mark(n, level int) {
	for i := 0; i < len(r.marks); i++ {
		if r.marks[i].exception == n {
			if level > r.marks[i].level {
				r.marks[i].level = level
			}
			return
		}
	}
	r.marks = append(r.marks, mark{n, level, r.policy.exceptions[n].expired})
}

// applies checks an exception's conditions on the request.
func (r *Ruling) applies(n int) bool {
	e := r.policy.exceptions[n]
	if e.assets != nil && !e.assets[r.asset] {
		return false
	}
	if e.methods != nil && !e.methods[string(r.method)] {
		return false
	}
	if e.sourced && !(r.sourced && e.sources.contains(r.source)) {
		return false
	}
	for i := 0; i < len(e.headers); i++ {
		if !r.headers[e.headers[i]] {
			return false
		}
	}
	if len(e.globs) == 0 {
		return true
	}
	raw := r.raw
	for len(raw) > 1 && raw[len(raw)-1] == '/' {
		raw = raw[:len(raw)-1]
	}
	sent, resolved := false, false
	for i := 0; i < len(e.globs); i++ {
		sent = sent || e.globs[i].match(string(raw))
		resolved = resolved || e.globs[i].match(string(r.path))
	}
	if e.rank == rankBlock {
		return sent || resolved
	}
	return sent && resolved
}

// Judgment is what a policy makes of a request.
type Judgment struct {
	// Block is the decision; Reason is what decided: "score", "exception" or the
	// key of a protection, "" if nothing objects.
	Block  bool
	Reason string
}

// Judge decides; level is the confidence of the strongest evidence that counts.
func (r *Ruling) Judge(level int) Judgment {
	if r.rules.off {
		return Judgment{}
	}
	if r.forced {
		return Judgment{Block: true, Reason: "exception"}
	}
	j := Judgment{}
	for i := 0; i < len(r.violations); i++ {
		if r.violations[i].Prevent && !j.Block {
			j = Judgment{Block: true, Reason: r.violations[i].Protection}
		}
	}
	if level >= r.rules.confidence {
		j = Judgment{Block: true, Reason: "score"}
	}
	if (j.Block || r.watched()) && r.allowAll() {
		r.forget()
		return Judgment{}
	}
	return j
}

// watched says whether a check that only watches objects.
func (r *Ruling) watched() bool {
	for i := 0; i < len(r.violations); i++ {
		if r.violations[i].watched() {
			return true
		}
	}
	return false
}

func (v *Violation) watched() bool { return !v.Prevent && v.Protection != "limits" }

// forget drops what checks that only watch object to: the request is allowed.
func (r *Ruling) forget() {
	var kept []Violation
	for i := 0; i < len(r.violations); i++ {
		if !r.violations[i].watched() {
			kept = append(kept, r.violations[i])
		}
	}
	r.violations = kept
}

// Allowed says, once the request is settled, whether an exception of action
// allow holds for it that asks for no evidence. It is marked as one that changed
// the decision.
func (r *Ruling) Allowed() bool { return r.allowAll() }

// allowAll says whether an exception of action allow holds.
func (r *Ruling) allowAll() bool {
	if r.blanket == 0 {
		r.blanket = 1
		for i := 0; i < len(r.policy.blanket); i++ {
			n := r.policy.blanket[i]
			if r.applies(n) {
				r.mark(n, 3)
				if !r.policy.exceptions[n].expired {
					r.blanket = 2
					break
				}
			}
		}
	}
	return r.allowed || r.blanket == 2
}

// The effects of an exception that matched.
const (
	// Applied: without it the decision would be another one.
	Applied = "applied"
	// Idle: the decision would be the same without it.
	Idle = "idle"
	// Expired: it no longer holds; it would have matched.
	Expired = "expired"
)

// Mark is an exception that matched, with its effect.
type Mark struct {
	ID     string `json:"id"`
	Effect string `json:"effect"`
}

// Marks lists the exceptions that matched, for a decision; nil if none did.
func (r *Ruling) Marks(level int, block bool) []Mark {
	if len(r.marks) == 0 {
		return nil
	}
	out := make([]Mark, len(r.marks))
	for i := 0; i < len(out); i++ {
		out[i] = Mark{r.policy.exceptions[r.marks[i].exception].id, r.effect(&r.marks[i], level, block)}
	}
	return out
}

func (r *Ruling) effect(m *mark, level int, block bool) string {
	if m.expired {
		return Expired
	}
	changed := !block && m.level >= r.rules.confidence
	if r.policy.exceptions[m.exception].rank == rankBlock {
		changed = block && level < r.rules.confidence
	}
	if changed {
		return Applied
	}
	return Idle
}

// Violations lists what the checks object to; nil if nothing.
func (r *Ruling) Violations() []Violation { return r.violations }

// Count adds the request to the counters of the exceptions; call it once, at
// the request's end.
func (r *Ruling) Count(level int, block bool) {
	for i := 0; i < len(r.marks); i++ {
		e := r.policy.exceptions[r.marks[i].exception]
		if r.effect(&r.marks[i], level, block) == Applied {
			atomic.AddInt64(&e.applied, 1)
		} else {
			atomic.AddInt64(&e.idle, 1)
		}
	}
}

func matchAny(places []*place, location string) bool {
	for i := 0; i < len(places); i++ {
		if places[i].match(location) {
			return true
		}
	}
	return false
}

// Redacts says whether the policy masks the text of a location in events.
func (p *Policy) Redacts(location string) bool { return matchAny(p.assets[0].redact, location) }
