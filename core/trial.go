package core

// trial is the state of a judge that judges on trial; see walk.Prober. It is
// for interpreters only.
type trial struct {
	on, void bool
	best     int // the score before
}

// Try implements walk.Prober.
func (j *judge) Try() {
	j.trial = trial{on: true, best: j.best}
}

// Tried implements walk.Prober.
func (j *judge) Tried(valid bool) bool {
	holds := valid && !j.trial.void
	if !holds {
		j.best = j.trial.best
	}
	j.trial = trial{}
	return holds
}
