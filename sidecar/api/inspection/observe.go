package inspection

// observe hands the record of a finished request to the learner, if it has a
// subject or its client is known. The answer's status is not known: gateways ask
// before there is one. An asset that is not to be learned from has none.
func (in *Inspection) observe(about *Subject) {
	a, source := in.s.cfg.Agent, in.source
	if source == "" && about != nil {
		source = about.Source
	}
	if a == nil || source == "" && about == nil || !in.live() || !in.terms.Learns(in.verdict.Asset) {
		return
	}
	in.step(func() {
		a.Observe(in.tx.AppendObservation(make([]byte, 0, 256), a.Source(source, nil), 0))
	})
}
