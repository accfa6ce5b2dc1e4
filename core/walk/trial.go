package walk

// Prober is a Sink that can judge on trial: between Try and Tried it keeps the
// score of what it is shown, but a value that it would have to name makes the
// whole trial void.
type Prober interface {
	Sink
	// Try begins a trial.
	Try()
	// Tried ends it and reports whether it holds, which it only can if valid is
	// set; if it does not, it left no trace.
	Tried(valid bool) bool
}

// Skim has the walker try s on text before it walks it, and judge on trial what
// is not proven; nil, the default, tries nothing. Verdicts do not depend on it.
func (w *Walker) Skim(s *Skimmer, p Prober) {
	w.skim = s
	w.prober = p
}

// attempt is the state of the walker before a trial.
type attempt struct {
	counts                Counts
	values, decoded, path int
	name, partial         bool
}

// try begins a trial: a walk of single values without the container around
// them, which is as good as a whole walk unless a limit is met or a place has to
// be named.
func (w *Walker) try() attempt {
	w.prober.Try()
	return attempt{counts: w.Counts, values: w.values, decoded: w.decoded, path: len(w.path), name: w.ctx.Name, partial: w.ctx.Partial}
}

// tried ends it. If it does not hold everything is as it was.
func (w *Walker) tried(a attempt) bool {
	ok := w.prober.Tried(w.Counts == a.counts)
	w.path = w.path[:a.path]
	w.ctx.Name = a.name
	w.ctx.Partial = a.partial
	if !ok {
		w.Counts = a.counts
		w.values = a.values
		w.decoded = a.decoded
	}
	return ok
}
