package inspection

// observe hands the record of a finished request to the learner. Only requests
// with a subject count, because the others' clients are not known. The answer's
// status is not known either: gateways ask before there is one.
func (in *Inspection) observe(about *Subject) {
	a := in.s.cfg.Agent
	if a == nil || about == nil || !in.live() {
		return
	}
	source := about.Source
	if in.source != "" {
		source = in.source
	}
	in.step(func() {
		a.Observe(in.tx.AppendObservation(make([]byte, 0, 256), a.Source(source, nil), 0))
	})
}
