package core

import "strings"

// headerKind tells header lines from the texts that the walker probes.
const headerKind = 1 << 7

// skimHeader judges a header line, which clients send with every request: most
// are recalled. It takes the place of lineSums.
func (t *Transaction) skimHeader(name, value string) {
	if t.rule != nil && t.rule.only {
		return
	}
	if strings.EqualFold(name, "content-type") || strings.EqualFold(name, "content-encoding") {
		t.note([]byte(name), []byte(value))
	}
	judge := func() { t.walker.Header([]byte(name), []byte(value), false) }
	score, ok := t.walker.Probe(headerKind, len(name)+len(value), name+":"+value, judge)
	if !ok {
		judge()
		return
	}
	t.judge.Raise(score)
}

// trial is the state of a judge that judges on trial; see walk.Prober. It is
// for interpreters only.
type trial struct {
	on, void bool
	best     int // the score before
}

// Try implements walk.Prober.
func (j *judge) Try() {
	j.trial = trial{on: true, best: j.best}
	j.best = 0
}

// Tried implements walk.Prober.
func (j *judge) Tried() (int, bool) {
	score, holds := j.best, !j.trial.void
	j.best = j.trial.best
	j.trial = trial{}
	return score, holds
}

// Raise implements walk.Prober.
func (j *judge) Raise(score int) { j.best = larger(j.best, score) }
