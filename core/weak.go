package core

import (
	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/core/walk"
)

// maxWeakText is the length up to which weak evidence is kept unexplained.
const maxWeakText = 512

// weak is evidence below every level, which only a profile can make a finding
// of. It is kept as it came, in memory that is used again: explaining it
// allocates, and most of it is never raised.
type weak struct {
	evidence profile.Evidence
	text     []byte
	path     []byte
	loc      walk.Loc
	flags    decode.Flags
	partial  bool
	score    int
}

// vain reports whether nothing comes of weak evidence, which then need be neither
// kept nor explained. That can be told as soon as the place is known: when the
// host is, as a second one does not count.
func (l *learned) vain(j *judge, c *walk.Context, v []byte, score int) bool {
	if l.profile == nil || !l.live && len(l.host) == 0 || l.nweak == len(l.weak) {
		return false
	}
	x := &l.weak[l.nweak]
	e := &x.evidence
	e.Shape = profile.Shape{}
	e.Location, e.Named = e.Location[:0], e.Named[:0]
	l.locate(e, c, v)
	l.findPlace()
	points, probe := l.raised(x, c.Loc)
	if probe || levelOf(score+points) > ConfidenceNone {
		return false
	}
	j.best = larger(j.best, score+points)
	l.vains++
	return true
}

// application tells the request's application from others, 0 if it is not known
// yet. What the profile says of cookies depends on nothing else.
func (l *learned) application() uint16 {
	if l == nil || l.profile == nil || !l.live && len(l.host) == 0 {
		return 0
	}
	if l.asset == 0 { // never after: there may be none; at most profile.MaxAssets + 1
		l.asset = uint16(l.profile.Application(l.hostname(), profile.Path(l.line[l.method:])) + 1)
	}
	return l.asset
}

// watchVain and vainFor enclose a line: the latter returns the application for
// which evidence between them was vain, 0 if there was none.
func (l *learned) watchVain() int {
	if l == nil {
		return 0
	}
	return l.vains
}

func (l *learned) vainFor(since int) uint16 {
	if l == nil || l.vains == since {
		return 0
	}
	return l.application()
}

// raised returns by how many points the profile raises weak evidence, and whether
// it may be a scanner's probe of a path that nobody has.
func (l *learned) raised(x *weak, loc walk.Loc) (int, bool) {
	n := l.profile.Judge(&l.place, &x.evidence, &l.effects)
	points := 0
	for k := 0; k < n; k++ {
		points += l.effects[k].Points
	}
	if points > profile.MaxRaise {
		points = profile.MaxRaise
	}
	return points, n > 0 && loc == walk.Path && l.effects[0].Reason == profile.NewEndpoint
}

// keep takes weak evidence in and reports whether there was room.
func (l *learned) keep(c *walk.Context, v []byte, score int) bool {
	if len(v) > maxWeakText || l.nweak == len(l.weak) {
		return false
	}
	x := &l.weak[l.nweak]
	l.nweak++
	e := &x.evidence
	e.Shape = profile.Shape{}
	e.Location, e.Named = e.Location[:0], e.Named[:0]
	l.locate(e, c, v)
	x.text = append(x.text[:0], v...)
	x.path = append(x.path[:0], c.Path()...)
	x.loc, x.flags, x.partial, x.score = c.Loc, c.Flags, c.Partial, score
	return true
}

// settleWeak lets the profile judge what was kept. Only what it raises to a
// level is explained, and what might be a scanner's probe of a path that nobody
// has.
func (l *learned) settleWeak(j *judge) {
	for i := 0; i < l.nweak; i++ {
		x := &l.weak[i]
		points, probe := l.raised(x, x.loc)
		if !probe && levelOf(x.score+points) == ConfidenceNone {
			j.best = larger(j.best, x.score+points)
			continue
		}
		s := l.explained(j, x, probe)
		l.finish(j, &s)
	}
	l.nweak = 0
}

// explained makes a suspect of what was kept.
func (l *learned) explained(j *judge, x *weak, probe bool) suspect {
	kernel.Scan(x.text, l.engine.gate, &l.hits)
	path := string(x.path)
	s := suspect{finding: j.explainAs(path, x.text, &l.hits, x.flags, ConfidenceNone, x.score)}
	s.evidence = x.evidence
	s.evidence.Probe = probe && s.finding.Family == model.Scanner
	if j.rule != nil && j.rule.HasLocal() {
		s.candidates = j.exceptions(path, x.text, x.partial, &s.finding)
	}
	return s
}
