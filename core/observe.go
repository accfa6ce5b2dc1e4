package core

import (
	"bytes"
	"strings"
	"sync/atomic"

	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/core/walk"
)

// Observation settings for Config.Observe.
const (
	// ObserveOff observes nothing.
	ObserveOff = 0
	// ObserveAll observes every request, and one in sixteen once all assets are
	// mature: what is known needs no more than confirmation.
	ObserveAll = 1
)

const observeSettled = 16

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

const (
	maxHost    = 96
	maxPending = 8
)

// learned is the learning side of a transaction: it records what the request
// is like and lets the profile adjust the findings. All memory is its own.
type learned struct {
	engine  *Engine
	profile *profile.Profile
	place   profile.Place
	placed  bool
	// observing is false for requests that the sampling leaves out.
	observing bool
	host      []byte
	line      []byte // the method, then the path
	method    int
	params    []byte
	nparams   int
	marks     []byte
	nmarks    int
	cut       bool
	critical  bool
	last      []byte // the location of the last value that was not decoded
	lastLen   int
	shape     profile.Shape
	pending   []suspect
	// live says that the place is known, so that nothing waits.
	live    bool
	tokens  [profile.MaxTokens]uint32
	example []byte
}

// suspect is a value that scored, before the profile has spoken.
type suspect struct {
	finding  Finding
	evidence profile.Evidence
	// candidates are the policy's exceptions that may apply.
	candidates []int
}

func newLearned(e *Engine) *learned {
	if e.cfg.Profile == nil && e.cfg.Observe == ObserveOff {
		return nil
	}
	return &learned{engine: e, profile: e.cfg.Profile, host: make([]byte, 0, maxHost), line: make([]byte, 0, 512),
		params: make([]byte, 0, 4<<10), marks: make([]byte, 0, 1<<10), last: make([]byte, 0, profile.MaxName), example: make([]byte, 0, profile.MaxExample),
		pending: make([]suspect, 0, maxPending)}
}

func (l *learned) reset() {
	l.place = profile.Place{}
	l.placed, l.cut, l.critical = false, false, false
	l.host, l.line, l.method = l.host[:0], l.line[:0], 0
	l.params, l.nparams = l.params[:0], 0
	l.marks, l.nmarks = l.marks[:0], 0
	l.last, l.lastLen = l.last[:0], 0
	l.pending, l.live = l.drop(), false
}

// drop empties pending and lets go of its texts.
func (l *learned) drop() []suspect {
	for i := 0; i < len(l.pending); i++ {
		l.pending[i] = suspect{}
	}
	return l.pending[:0]
}

// begin notes the request line and decides whether this request is observed.
func (l *learned) begin(method, uri string) {
	n := l.engine.cfg.Observe
	if n == ObserveAll && l.profile != nil && l.profile.Settled() {
		n = observeSettled
	}
	l.observing = n == ObserveAll || n > 0 && atomic.AddUint32(&l.engine.observed, 1)%uint32(n) == 0
	if len(method) > 32 {
		method = method[:32]
	}
	l.line = append(l.line, method...)
	l.method = len(method)
	if room := cap(l.line) - len(l.line); len(uri) > room {
		uri = uri[:room]
	}
	l.line = append(l.line, uri...)
}

// header notes the host.
func (l *learned) header(name, value string) {
	if len(name) != 4 || len(l.host) > 0 || name != "Host" && name != "host" {
		return
	}
	if len(value) > maxHost {
		value = value[:maxHost]
	}
	l.host = append(l.host, value...)
	for i := len(l.host) - 1; i >= 0; i-- {
		b := l.host[i]
		if b >= 'A' && b <= 'Z' {
			l.host[i] = b | 0x20
		}
		if b == ':' && bytes.IndexByte(l.host[i:], ']') < 0 {
			l.host = l.host[:i]
		}
	}
}

// reads reports whether the values of a header line have shapes to be learned
// or compared: the line must then be walked, however often it comes.
func (l *learned) reads(name string) bool {
	return len(name) == len("cookie") && strings.EqualFold(name, "cookie") && (l.observing || l.profile != nil)
}

// value notes the shape of a value as it was sent.
func (l *learned) value(c *walk.Context, v []byte) {
	if c.Depth > 0 || c.Name || c.Loc == walk.Header || !l.observing && l.profile == nil {
		return
	}
	p := c.Path()
	if !l.observing {
		// enough to judge what is decoded from it
		l.shape, l.lastLen = profile.Outline(v, c.Class), len(p)
		return
	}
	l.note(c, p, v)
}

// note makes a parameter of the record of a value; of several in one place the
// first.
func (l *learned) note(c *walk.Context, p, v []byte) {
	l.lastLen = len(p)
	if len(p) > profile.MaxName {
		p, l.cut = p[:profile.MaxName], true
	}
	l.shape = profile.ShapeOf(v, c.Class)
	if c.Partial {
		l.shape.Length = profile.Lengths - 1
	}
	again := len(p) == len(l.last) && string(p) == string(l.last)
	if again || c.Loc == walk.Meta && string(p) == "host" || bytes.IndexByte(p, '#') >= 0 {
		return
	}
	l.last = append(l.last[:0], p...)
	if l.nparams == profile.MaxParams || len(l.params)+len(p)+16 > cap(l.params) {
		l.cut = true
		return
	}
	l.params = profile.AppendParam(l.params, p, &l.shape)
	l.nparams++
}

// wants reports whether a value that scored is one to look at: every finding,
// and what a profile may make one of. Header lines have no learned shape.
func (l *learned) wants(c *walk.Context, level, score int) bool {
	return level > 0 || l.profile != nil && score >= profile.WeakScore && c.Loc != walk.Header && c.Loc != walk.Meta
}

// suspect keeps a value that scored until the request's place is known: the
// host comes after the path.
func (l *learned) suspect(j *judge, c *walk.Context, v []byte, level Confidence, score int) {
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
		s.candidates = j.exceptions(c, v, &s.finding)
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
	e.Location = append(make([]byte, 0, len(p)), p...)
	if c.Name && len(p)+1+len(v) <= profile.MaxName {
		e.Named = append(append(append(make([]byte, 0, len(p)+1+len(v)), p...), '.'), v...)
	}
	if e.Raw = whole; whole {
		e.Shape = profile.ShapeOf(v, c.Class)
	}
}

// exceptions returns the policy's exceptions that may apply to a finding.
func (j *judge) exceptions(c *walk.Context, v []byte, f *Finding) []int {
	found := j.rule.Candidates(c.Location(), v, c.Partial)
	if len(found) == 0 {
		return nil
	}
	texts := make([]string, len(f.Tokens))
	for i := 0; i < len(texts); i++ {
		texts[i] = f.Tokens[i].Text
	}
	return j.rule.Explained(found, f.Family.Name(), texts)
}

// settle lets the profile judge what is pending and hands the findings over.
func (l *learned) settle(j *judge) {
	if len(l.pending) == 0 {
		return
	}
	if l.profile != nil && !l.placed {
		l.placed = true
		l.place = l.profile.Place(l.host, l.line[:l.method], profile.Path(l.line[l.method:]))
	}
	for i := 0; i < len(l.pending); i++ {
		s := &l.pending[i]
		l.mark(s)
		if l.profile != nil {
			l.adjust(s)
		}
		f := &s.finding
		if f.Confidence > ConfidenceNone {
			j.decide(*f, s.candidates)
			continue
		}
		j.best = larger(j.best, f.Score)
		if len(f.Adjustments) > 0 && f.Adjustments[0].Points < 0 {
			j.findings = insert(j.findings, *f)
		}
	}
	l.pending = l.drop()
}

// mark records the indicators of a value as the model alone sees them.
func (l *learned) mark(s *suspect) {
	if !s.evidence.Found || l.engine.cfg.Observe == ObserveOff {
		return
	}
	room := profile.MaxIndicators
	if s.evidence.Critical {
		l.critical = true
	} else {
		room-- // the last place is for what is critical
	}
	if l.nmarks >= room {
		l.cut = true
		return
	}
	n := copy(l.tokens[:], s.evidence.Tokens[:s.evidence.N])
	x := profile.IndicatorSeen{Location: s.evidence.Location, Family: uint8(s.finding.Family),
		Level: uint8(s.finding.Confidence), Score: uint8(s.finding.Score), Tokens: l.tokens[:n]}
	l.example = profile.AppendMasked(l.example[:0], s.finding.Window)
	x.Example = l.example
	l.marks = profile.AppendIndicator(l.marks, &x)
	l.nmarks++
}

// adjust applies the effects of the profile and finds the level anew.
func (l *learned) adjust(s *suspect) {
	var effects [profile.MaxEffects]profile.Effect
	n := l.profile.Judge(&l.place, &s.evidence, &effects)
	if n == 0 {
		return
	}
	f := &s.finding
	score, raised := f.Score, 0
	for i := 0; i < n; i++ {
		x := &effects[i]
		points := x.Points
		if points > 0 {
			if points > profile.MaxRaise-raised {
				points = profile.MaxRaise - raised
			}
			raised += points
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
	f.Score, f.Confidence = score, levelOf(score)
}

// maxAdjusted is the highest score that learning alone gives.
const maxAdjusted = 89

// levelOf is the level at which a score lies.
func levelOf(score int) Confidence {
	switch {
	case score >= 90:
		return ConfidenceCritical
	case score >= 75:
		return ConfidenceHigh
	case score >= 50:
		return ConfidenceMedium
	}
	return ConfidenceNone
}

// AppendObservation appends the record of the transaction (profile.Record…) to
// dst, to be sent to the learner: source is the vote of profile.Sources, status
// the class of the answer (2 for 2xx), 0 if the request was blocked or the
// answer is not known. It appends nothing when the request is not observed.
// Call it between End and Close.
func (t *Transaction) AppendObservation(dst []byte, source uint64, status int) []byte {
	if t.judge == nil || t.judge.learned == nil {
		return dst
	}
	l := t.judge.learned
	if !l.observing && l.nmarks == 0 || l.engine.cfg.Observe == ObserveOff {
		return dst
	}
	o := profile.Observation{Source: source, Status: uint8(status), Method: l.line[:l.method], Host: l.host}
	params, nparams := l.params, l.nparams
	if !l.observing {
		o.Flags |= profile.RecordBare
		params, nparams = nil, 0
	}
	if l.cut {
		o.Flags |= profile.RecordCut
	}
	if l.critical {
		o.Flags |= profile.RecordCritical
	}
	if status < 0 || status > 5 {
		o.Status = 0
	}
	l.last = profile.AppendTemplate(l.last[:0], profile.Path(l.line[l.method:]))
	o.Template = l.last
	return profile.AppendRecord(dst, &o, params, nparams, l.marks, l.nmarks)
}
