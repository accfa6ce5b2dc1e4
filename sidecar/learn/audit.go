package learn

import (
	"fmt"
	"slices"
	"strconv"
)

// Entry is one line of the audit trail.
type Entry struct {
	// When is in Unix seconds.
	When   int64  `json:"when"`
	Who    string `json:"who"`
	What   string `json:"what"`
	Detail string `json:"detail"`
	// Grounds are what was known at that moment of what was decided about; nil
	// for what is no Decision, and where nothing was known.
	Grounds *Grounds `json:"evidence,omitempty"`
}

// Grounds are the evidence that stood behind a decision: of an indicator, or of
// all of a parameter, as the windows told that had been closed by then. All are
// the most in one period, whatever else the requests held; sources and requests
// are estimates, and of an indicator's sources at most 48 are told apart, of a
// critical one's 16.
type Grounds struct {
	Sources  int `json:"sources"`
	Requests int `json:"requests"`
	Windows  int `json:"windows"`
}

// String says it for people; "" for nil.
func (g *Grounds) String() string {
	if g == nil {
		return ""
	}
	return fmt.Sprintf("%d sources, %d requests, %d windows", g.Sources, g.Requests, g.Windows)
}

// maxAudit bounds the audit trail; the oldest entries go.
const maxAudit = 10000

// note adds to the audit trail.
func (l *Learner) note(e Entry) {
	l.audit = append(l.audit, e)
	if n := len(l.audit) - maxAudit; n > 0 {
		l.audit = slices.Delete(l.audit, 0, n)
	}
}

// Audit returns the audit trail, oldest first.
func (l *Learner) Audit() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.audit)
}

// grounds sums up what is known of what a decision is about. The window at hand
// does not count: a part of it may be with another learner.
func (l *Learner) grounds(d *Decision) *Grounds {
	a := l.assets[d.Asset]
	if a == nil {
		return nil
	}
	t := a.entries[keyOf(a.root, item{d.Method, d.Template, d.Location})]
	if t == nil {
		return nil
	}
	if d.Indicator != "" {
		return t.groundsOf(d.Indicator)
	}
	g := &Grounds{Sources: t.sources()}
	for i := range t.periods {
		p := &t.periods[i]
		g.Requests, g.Windows = max(g.Requests, p.requests.count()), max(g.Windows, p.windows.count())
	}
	return g
}

// groundsOf sums up an indicator; nil if it is not known.
func (t *entry) groundsOf(indicator string) *Grounds {
	key, err := strconv.ParseUint(indicator, 16, 32)
	if err != nil {
		return nil
	}
	var g *Grounds
	for i := range t.periods {
		m := t.periods[i].marks[uint32(key)]
		if m == nil {
			continue
		}
		if g == nil {
			g = new(Grounds)
		}
		g.Sources, g.Requests, g.Windows = max(g.Sources, m.weight()), max(g.Requests, m.requests.count()), max(g.Windows, m.shown.count())
	}
	return g
}

// code reads or writes an entry.
func (e *Entry) code(c *coder) {
	number(c, &e.When)
	c.text(&e.Who, &e.What, &e.Detail)
	known := e.Grounds != nil
	if c.flag(&known); !known {
		return
	}
	if e.Grounds == nil {
		e.Grounds = new(Grounds)
	}
	for _, n := range []*int{&e.Grounds.Sources, &e.Grounds.Requests, &e.Grounds.Windows} {
		number(c, n)
	}
}
