package core

import (
	"bytes"
	"strings"
	"sync/atomic"

	"github.com/glacis-waf/glacis/core/kernel"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/core/walk"
)

// Observation settings for Config.Observe.
const (
	// ObserveOff observes nothing.
	ObserveOff = 0
	// ObserveAll observes every request, and one in 32 once all assets are
	// mature: what is known needs no more than confirmation.
	ObserveAll = 1
)

const observeSettled = 32

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
	asset   uint16 // see application
	// observing is false for requests that the sampling leaves out.
	observing bool
	// looks says that the shapes of values are wanted at all.
	looks    bool
	host     []byte // as sent; see hostname
	line     []byte // the method, then the path
	method   int
	params   []byte
	nparams  int
	marks    []byte
	nmarks   int
	cut      bool
	critical bool
	last     []byte // the location of the last value that was not decoded
	lastLen  int
	shape    profile.Shape
	pending  []suspect
	weak     []weak // nil without a profile
	nweak    int
	vains    int // pieces of weak evidence that came to nothing at once
	effects  [profile.MaxEffects]profile.Effect
	discount int // the policy's bound of what is familiar
	hits     kernel.Hits
	// live says that the place is known, so that nothing waits.
	live    bool
	tokens  [profile.MaxTokens]uint32
	example []byte
}

func newLearned(e *Engine) *learned {
	if e.cfg.Profile == nil && e.cfg.Observe == ObserveOff {
		return nil
	}
	l := &learned{engine: e, profile: e.cfg.Profile, host: make([]byte, 0, maxHost), line: make([]byte, 0, 512),
		params: make([]byte, 0, 4<<10), marks: make([]byte, 0, 1<<10), last: make([]byte, 0, profile.MaxName), example: make([]byte, 0, profile.MaxExample),
		pending: make([]suspect, 0, maxPending), discount: e.cfg.Policy.MaxDiscount()}
	if l.profile != nil {
		l.weak = make([]weak, maxPending)
	}
	return l
}

func (l *learned) reset() {
	l.place = profile.Place{}
	l.asset = 0
	l.placed, l.cut, l.critical = false, false, false
	l.host, l.line, l.method = l.host[:0], l.line[:0], 0
	l.params, l.nparams = l.params[:0], 0
	l.marks, l.nmarks = l.marks[:0], 0
	l.last, l.lastLen = l.last[:0], 0
	l.pending = l.drop()
	l.live, l.nweak, l.vains = false, 0, 0
}

// begin notes the request line and decides whether this request is observed.
func (l *learned) begin(method, uri string) {
	n := l.engine.cfg.Observe
	if n == ObserveAll && l.profile != nil && l.profile.Settled() {
		n = observeSettled
	}
	l.observing = n == ObserveAll || n > 0 && atomic.AddUint32(&l.engine.observed, 1)%uint32(n) == 0
	l.looks = l.observing || l.profile != nil
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
}

// hostname is the host without its port, in lower case.
func (l *learned) hostname() []byte {
	for i := len(l.host) - 1; i >= 0; i-- {
		b := l.host[i]
		if b >= 'A' && b <= 'Z' {
			l.host[i] = b | 0x20
		}
		if b == ':' && bytes.IndexByte(l.host[i:], ']') < 0 {
			l.host = l.host[:i]
		}
	}
	return l.host
}

// reads reports whether the values of a header line have shapes to be learned,
// even if the line was seen before.
func (l *learned) reads(name string) bool {
	return l.observing && len(name) == len("cookie") && strings.EqualFold(name, "cookie")
}

// value notes the shape of a value as it was sent.
func (l *learned) value(c *walk.Context, v []byte) {
	if c.Depth > 0 || c.Name || c.Loc == walk.Header {
		return
	}
	p := c.Path()
	if !l.observing {
		// enough to judge what is decoded from it
		l.shape = profile.Outline(v, c.Class)
		l.lastLen = len(p)
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
	o := profile.Observation{Source: source, Status: uint8(status), Method: l.line[:l.method], Host: l.hostname()}
	params, nparams := l.params, l.nparams
	if !l.observing {
		o.Flags |= profile.RecordBare
		params, nparams = params[:0], 0
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
