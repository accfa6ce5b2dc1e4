package simulate

import (
	"slices"

	"github.com/glacis-waf/glacis/sidecar/learn"
)

// accept has an operator confirm the first suggestions of the list, as
// "glacis learn suggestions accept" does: exactly their indicators, where they
// stand. The operator of a simulation knows nothing of the application and
// accepts what is believable (learn.Suggestion).
func (p *player) accept() ([]learn.Suggestion, error) {
	if p.o.Accept == 0 {
		return nil, nil
	}
	p.flush()
	list := p.learner.Suggestions()
	list = list[:min(p.o.Accept, len(list))]
	list = slices.DeleteFunc(list, func(s learn.Suggestion) bool { return !s.Believable() })
	for i := range list {
		s := &list[i]
		for _, indicator := range s.Indicators {
			d := learn.Decision{Asset: s.Asset, Method: s.Method, Template: s.Template, Location: s.Location, Indicator: indicator,
				Action: learn.Confirm, Who: "simulate", When: p.now, Why: "the first of the list"}
			if err := p.learner.Decide(d); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}
