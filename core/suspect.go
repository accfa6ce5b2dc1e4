package core

import (
	"bytes"

	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/core/walk"
)

// Adjustment is what the learned profile changed about a finding's score.
type Adjustment struct {
	// Reason is the name of a profile.Reason: "familiar", "type" …
	Reason string `json:"reason"`
	// Points were added to the score; negative for a discount.
	Points int `json:"points"`
	// Sources is the number of independent sources behind it, Windows the
	// number of time windows of a discount; 0 where that says nothing.
	Sources int `json:"sources,omitempty"`
	Windows int `json:"windows,omitempty"`
}

// suspect is a value that scored, before the profile has spoken.
type suspect struct {
	finding  Finding
	evidence profile.Evidence
	// candidates are the policy's exceptions that may apply.
	candidates []int
}

// drop empties pending and lets go of its texts.
func (l *learned) drop() []suspect {
	for i := 0; i < len(l.pending); i++ {
		l.pending[i] = suspect{}
	}
	return l.pending[:0]
}

// wants reports whether a value that scored is one to look at: every finding,
// and what a profile may make one of. Header lines have no learned shape.
func (l *learned) wants(c *walk.Context, level, score int) bool {
	return level > 0 || l.profile != nil && score >= profile.WeakScore && c.Loc != walk.Header && c.Loc != walk.Meta
}

// suspect keeps a value that scored until the request's place is known: the
// host comes after the path.
func (l *learned) suspect(j *judge, c *walk.Context, v []byte, level Confidence, score int) {
	if level == ConfidenceNone && l.keep(c, v, score) {
		if l.live {
			l.settle(j)
		}
		return
	}
	i := len(l.pending)
	for i > 0 && l.pending[i-1].finding.Score < score {
		i--
	}
	if i == maxPending && level == ConfidenceNone {
		return
	}
	s := suspect{finding: j.explain(c, v, level, score)}
	e := &s.evidence
	e.Critical, e.Found = level == ConfidenceCritical, level > ConfidenceNone
	e.Probe = c.Loc == walk.Path && s.finding.Family == model.Scanner
	l.locate(e, c, v)
	for e.N < len(s.finding.Tokens) && e.N < profile.MaxTokens {
		e.Tokens[e.N] = profile.TokenKey(uint8(s.finding.Family), s.finding.Tokens[e.N].Text)
		e.Weights[e.N] = s.finding.Tokens[e.N].Weight
		e.N++
	}
	if j.rule != nil && j.rule.HasLocal() {
		s.candidates = j.exceptions(c.Location(), v, c.Partial, &s.finding)
	}
	// What finds no room counts as the model has it: many familiar findings
	// must not crowd out one that is not.
	if i == maxPending {
		j.decide(s.finding, nil)
		return
	}
	if len(l.pending) < maxPending {
		l.pending = append(l.pending, suspect{})
	} else if last := &l.pending[maxPending-1]; last.evidence.Found {
		j.decide(last.finding, nil)
	}
	copy(l.pending[i+1:], l.pending[i:])
	l.pending[i] = s
	if l.live {
		l.settle(j)
	}
}

// open settles what the headers held: from here on the place is known, and
// chunks must make no difference.
func (l *learned) open(j *judge) {
	l.settle(j)
	l.live = true
}

// findPlace looks the request up in the profile.
func (l *learned) findPlace() {
	if l.profile != nil && !l.placed {
		l.placed = true
		l.place = l.profile.Place(l.hostname(), l.line[:l.method], profile.Path(l.line[l.method:]))
	}
}

// locate says where a value stands, and of what shape it was when it was sent.
func (l *learned) locate(e *profile.Evidence, c *walk.Context, v []byte) {
	p := c.Path()
	whole := !c.Name && !c.Partial
	if at := bytes.IndexByte(p, '#'); at >= 0 {
		p = p[:at]
		if whole && len(p) == l.lastLen {
			e.Shape = l.shape // its decoded forms follow a value at once
		}
		whole = false
	}
	if c.Loc == walk.Path {
		whole = whole && string(p) == "path"
		p = []byte("path")
	}
	if len(p) > profile.MaxName {
		p = p[:profile.MaxName]
	}
	e.Location = append(e.Location, p...)
	if c.Name && len(p)+1+len(v) <= profile.MaxName {
		e.Named = append(e.Named, p...)
		e.Named = append(e.Named, '.')
		e.Named = append(e.Named, v...)
	}
	if e.Raw = whole; whole {
		e.Shape = profile.ShapeOf(v, c.Class)
	}
}

// exceptions returns the policy's exceptions that may apply to a finding.
func (j *judge) exceptions(location string, v []byte, partial bool, f *Finding) []int {
	found := j.rule.Candidates(location, v, partial)
	if len(found) == 0 {
		return nil
	}
	return j.rule.Explained(found, f.Family.Name(), texts(f.Tokens))
}

// settle lets the profile judge what is pending and hands the findings over.
func (l *learned) settle(j *judge) {
	if len(l.pending) == 0 && l.nweak == 0 {
		return
	}
	l.findPlace()
	for i := 0; i < len(l.pending); i++ {
		l.finish(j, &l.pending[i])
	}
	l.pending = l.drop()
	l.settleWeak(j)
}

// finish lets the profile judge a suspect and hands over what it is.
func (l *learned) finish(j *judge, s *suspect) {
	l.mark(s)
	if l.profile != nil {
		l.adjust(s)
	}
	f := &s.finding
	if f.Confidence > ConfidenceNone {
		j.decide(*f, s.candidates)
		return
	}
	j.best = larger(j.best, f.Score)
	if len(f.Adjustments) > 0 && f.Adjustments[0].Points < 0 {
		j.findings = insert(j.findings, *f)
	}
}

// adjust applies the effects of the profile and finds the level anew.
func (l *learned) adjust(s *suspect) {
	n := l.profile.Judge(&l.place, &s.evidence, &l.effects)
	if n == 0 {
		return
	}
	f := &s.finding
	score, raised := f.Score, 0
	for i := 0; i < n; i++ {
		x := &l.effects[i]
		points := x.Points
		if points > 0 {
			if points > profile.MaxRaise-raised {
				points = profile.MaxRaise - raised
			}
			raised += points
		}
		if x.Reason == profile.Familiar && points < -l.discount {
			points = -l.discount
		}
		score += points
		f.Adjustments = append(f.Adjustments, Adjustment{Reason: x.Reason.Name(), Points: points, Sources: x.Votes, Windows: x.Windows})
	}
	if score < 0 {
		score = 0
	}
	// Critical is what the model alone is sure of.
	if score > maxAdjusted && f.Confidence < ConfidenceCritical {
		score = maxAdjusted
	}
	if f.Confidence == ConfidenceCritical && score > f.Score {
		score = larger(f.Score, score)
		if score > 100 {
			score = 100
		}
	}
	f.Score = score
	f.Confidence = levelOf(score)
}

// Where the levels begin, on the scale of Verdict.Score.
const (
	scoreMedium   = 50
	scoreHigh     = 75
	scoreCritical = 90
)

// maxAdjusted is the highest score that learning alone gives.
const maxAdjusted = scoreCritical - 1

// levelOf is the level at which a score lies.
func levelOf(score int) Confidence {
	switch {
	case score >= scoreCritical:
		return ConfidenceCritical
	case score >= scoreHigh:
		return ConfidenceHigh
	case score >= scoreMedium:
		return ConfidenceMedium
	}
	return ConfidenceNone
}
