package walk

// Prober is a Sink that can judge on trial: what it is shown between Try and
// Tried leaves no trace.
type Prober interface {
	Sink
	// Try begins a trial.
	Try()
	// Tried ends it and returns the highest score. ok is false if there was
	// something that has to be reported, for which its place must be known.
	Tried() (score int, ok bool)
	// Raise counts a score that is not to be reported.
	Raise(score int)
}

// Skim has the walker try s on text before it walks it, and judge on trial what
// is not proven; nil, the default, tries nothing. Verdicts do not depend on it.
func (w *Walker) Skim(s *Skimmer, p Prober) {
	w.skim = s
	w.prober = p
}

// Probe judges a text with walk, on trial and at most once: an equal text of the
// same kind has the same outcome, which is recalled. n is how many bytes of input
// walk counts. It returns the highest score; ok is false if something was found
// or a limit was met. Then nothing was counted and the text has to be walked in
// its place.
func (w *Walker) Probe(kind uint8, n int, text string, walk func()) (score int, ok bool) {
	known, found := w.skim.recall.Find(kind, text)
	if found {
		if known.Score < 0 || !w.Spend(n, known.Values, known.Decoded) {
			return 0, false
		}
		return known.Score, true
	}
	counts, values, decoded, input := w.Counts, w.values, w.decoded, w.input
	mark, name, partial := len(w.path), w.ctx.Name, w.ctx.Partial
	w.prober.Try()
	walk()
	best, holds := w.prober.Tried()
	w.path = w.path[:mark]
	w.ctx.Name = name
	w.ctx.Partial = partial
	limited := w.Counts != counts
	if holds && !limited {
		w.skim.recall.Keep(kind, text, Outcome{Score: best, Values: w.values - values, Decoded: w.decoded - decoded})
		return best, true
	}
	if !limited {
		w.skim.recall.Keep(kind, text, Outcome{Score: -1})
	}
	w.Counts = counts
	w.values = values
	w.decoded = decoded
	w.input = input
	return 0, false
}
