package learn

import (
	"cmp"
	"slices"

	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/profile"
)

// ParamStatus is how far a parameter has been learned, and from what.
type ParamStatus struct {
	Location string   `json:"location"`
	Maturity Maturity `json:"maturity"`
	// Sources and Requests are the most in one period, as estimated.
	Sources  int `json:"sources"`
	Requests int `json:"requests"`
	// Types are the names of the types that enough sources sent; Values is how
	// many different values there are when they are an enumeration, else 0.
	Types  []string `json:"types"`
	Values int      `json:"values,omitempty"`
	// First and Last are when it was seen (Unix seconds), as the windows tell.
	First      int64             `json:"first_seen"`
	Last       int64             `json:"last_seen"`
	Indicators []IndicatorStatus `json:"indicators"`
}

// The states of an indicator.
const (
	// Watched: what is known of it does not suffice to discount it.
	Watched = "watched"
	// Familiar: its finding is discounted there.
	Familiar = "familiar"
	// Confirmed and Revoked: an operator said so.
	Confirmed = "confirmed"
	Revoked   = "revoked"
)

// IndicatorStatus is the evidence that a piece of text which scores belongs to a
// parameter.
type IndicatorStatus struct {
	// Key names the token, for decisions, in hexadecimal.
	Key    string `json:"key"`
	Family string `json:"family"`
	Level  string `json:"level"`
	Score  int    `json:"score"`
	State  string `json:"state"`
	// Sources showed it in good company, Trusted of them are established; Needed
	// is how many of these it takes. All are the most in one period.
	Sources  int `json:"sources"`
	Trusted  int `json:"trusted"`
	Needed   int `json:"needed"`
	Requests int `json:"requests"`
	Windows  int `json:"windows"`
	// First and Last are when it was seen, in any company (Unix seconds, the
	// beginnings of windows), in the periods that are kept.
	First int64 `json:"first_seen"`
	Last  int64 `json:"last_seen"`
	// Example is masked: letters are 'a', digits '9'.
	Example string `json:"example"`
}

// findingLevels are the names of the levels of findings.
var findingLevels = [...]string{"none", "medium", "high", "critical"}

// Params lists the parameters of an endpoint by location; without method and
// template those that belong to no endpoint, as headers do.
func (l *Learner) Params(name, method, template string) []ParamStatus {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.assets[name]
	if a == nil {
		return nil
	}
	var out []ParamStatus
	for _, t := range a.entries {
		if t.admitted && t.location != "" && t.method == method && t.template == template {
			out = append(out, l.param(a, t))
		}
	}
	slices.SortFunc(out, func(a, b ParamStatus) int { return cmp.Compare(a.Location, b.Location) })
	return out
}

func (l *Learner) param(a *asset, t *entry) ParamStatus {
	s := ParamStatus{Location: t.location, Maturity: t.progress(&l.cfg), Sources: t.sources(), Types: []string{}, Indicators: l.indicators(a, t)}
	var seen extent
	for i := range t.periods {
		p := &t.periods[i]
		s.Requests = max(s.Requests, p.requests.count())
		seen.span(p.first, p.last)
	}
	s.First, s.Last = l.seconds(seen)
	r, _ := l.record(a, t)
	for i := range int(profile.Types) {
		if r.Types>>i&1 != 0 {
			s.Types = append(s.Types, profile.Type(i).Name())
		}
	}
	if r.Flags&profile.RecordEnum != 0 {
		s.Values = len(r.Enums)
	}
	return s
}

// seconds tells an extent in Unix seconds: the beginnings of its windows.
func (l *Learner) seconds(x extent) (first, last int64) {
	n := int64(l.cfg.Window.Seconds())
	return x.first * n, x.last * n
}

// indicators sums up the indicators of a parameter over its periods, those that
// most established sources showed first.
func (l *Learner) indicators(a *asset, t *entry) []IndicatorStatus {
	found, levels, seen := make(map[uint32]*IndicatorStatus), make(map[uint32]uint8), make(map[uint32]extent)
	for i := range t.periods {
		p := &t.periods[i]
		need := min(max(l.cfg.Votes, p.voters.count()*l.cfg.Share/100), maxVoters)
		for key, m := range p.marks {
			x := found[key]
			if x == nil {
				x = &IndicatorStatus{Key: indicatorName(key), Family: model.Family(m.family).Name(), State: Watched, Needed: need, Example: m.example}
				found[key] = x
			}
			when := seen[key]
			when.span(m.first, m.last)
			seen[key] = when
			votes, windows := a.votes(p.number, m), m.windows.count()
			if votes >= need && windows >= indicatorWindows {
				x.State = Familiar
			}
			levels[key], x.Score = max(levels[key], m.level), max(x.Score, int(m.score))
			x.Sources, x.Trusted = max(x.Sources, len(m.sources)), max(x.Trusted, votes)
			x.Requests, x.Windows = max(x.Requests, m.requests.count()), max(x.Windows, windows)
		}
	}
	out := make([]IndicatorStatus, 0, len(found))
	for key, x := range found {
		x.Level = findingLevels[levels[key]]
		x.First, x.Last = l.seconds(seen[key])
		switch confirmed, revoked := l.decided(a.rule.Name, t, key); {
		case revoked:
			x.State = Revoked
		case confirmed:
			x.State = Confirmed
		}
		out = append(out, *x)
	}
	slices.SortFunc(out, func(a, b IndicatorStatus) int {
		return cmp.Or(cmp.Compare(b.Trusted, a.Trusted), cmp.Compare(b.Requests, a.Requests), cmp.Compare(a.Key, b.Key))
	})
	return out
}
