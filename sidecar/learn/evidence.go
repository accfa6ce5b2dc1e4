package learn

import (
	"slices"

	"github.com/glacis-waf/glacis/core/profile"
)

// The bounds of one piece of evidence.
const (
	// maxValues is how many different values an enumeration may have.
	maxValues = profile.MaxEnums
	// maxMarks is how many indicators one parameter may have.
	maxMarks = 96
	// maxVoters is how many sources of an indicator are remembered one by one,
	// maxSeen how many of those that showed it in any company.
	maxVoters = 48
	maxSeen   = 16
)

// evidence is what was seen of an endpoint or of a parameter in one period.
// Everything in it joins.
type evidence struct {
	voters   voters
	windows  spans
	requests distinct
	types    [profile.Types]ballot
	lengths  [profile.Lengths]ballot
	classes  [profile.Classes]ballot
	distinct distinct
	// cuts are the sources whose requests had more parameters than a record.
	cuts ballot
	// values are the different values while they are at most maxValues.
	values []value
	many   bool
	marks  map[uint32]*mark
	extent
}

// value is one value of an enumeration.
type value struct {
	hash   uint32
	ballot ballot
}

// mark is an indicator: a token that scored.
type mark struct {
	family uint8
	level  uint8
	score  uint8
	// sources and windows are of requests in good company: they are votes.
	sources sampled
	windows spans
	// shown and extent are the windows of all requests, as requests are.
	shown spans
	extent
	// seen are sources whatever the company, for people only.
	seen sampled
	// requests counts all of them, also those whose company was bad.
	requests distinct
	// example is the smallest masked example.
	example string
}

// visit is one observation of an item.
type visit struct {
	request uint64
	source  uint64
	window  int64
}

func (e *evidence) visit(v visit) {
	e.voters.add(v.source)
	e.windows.add(v.window)
	e.requests.add(v.request)
	e.span(v.window, v.window)
}

// shape adds a value.
func (e *evidence) shape(s *profile.Shape, source uint64) {
	e.types[s.Type].add(source)
	e.lengths[s.Length].add(source)
	for i := range e.classes {
		if s.Class>>i&1 != 0 {
			e.classes[i].add(source)
		}
	}
	e.distinct.add(mix(uint64(s.Hash), 1))
	var b ballot
	b.add(source)
	e.value(value{s.Hash, b})
}

// value adds to the enumeration. Once there were too many values there is none.
func (e *evidence) value(v value) {
	if e.many {
		return
	}
	i, found := slices.BinarySearchFunc(e.values, v, func(a, b value) int { return int(int64(a.hash) - int64(b.hash)) })
	switch {
	case found:
		e.values[i].ballot |= v.ballot
	case len(e.values) == maxValues:
		e.values, e.many = nil, true
	default:
		e.values = slices.Insert(e.values, i, v)
	}
}

// join adds all that o holds.
func (e *evidence) join(o *evidence) {
	e.voters.join(&o.voters)
	e.windows |= o.windows
	e.requests.join(&o.requests)
	joinBallots(e.types[:], o.types[:])
	joinBallots(e.lengths[:], o.lengths[:])
	joinBallots(e.classes[:], o.classes[:])
	e.distinct.join(&o.distinct)
	e.cuts |= o.cuts
	if o.many {
		e.values, e.many = nil, true
	}
	for _, v := range o.values {
		e.value(v)
	}
	for key, m := range o.marks {
		e.mark(key, m)
	}
	e.span(o.first, o.last)
}

func joinBallots(a, b []ballot) {
	for i := range a {
		a[i] |= b[i]
	}
}

// mark adds an indicator.
func (e *evidence) mark(key uint32, m *mark) {
	old := e.marks[key]
	if old == nil {
		if e.marks == nil {
			e.marks = make(map[uint32]*mark)
		}
		old = &mark{family: m.family, example: m.example}
		e.marks[key] = old
	}
	old.level, old.score = max(old.level, m.level), max(old.score, m.score)
	old.windows |= m.windows
	old.shown |= m.shown
	old.span(m.first, m.last)
	old.requests.join(&m.requests)
	if m.example < old.example {
		old.example = m.example
	}
	for _, s := range m.sources {
		old.sources = old.sources.insert(s, maxVoters)
	}
	for _, s := range m.seen {
		old.seen = old.seen.insert(s, maxSeen)
	}
	if len(e.marks) > maxMarks {
		e.forget()
	}
}

// forget drops the indicator that matters least: the fewest sources, then the
// larger hash. A stranger's inventions compete with each other.
func (e *evidence) forget() {
	var worst uint32
	var least *mark
	for key, m := range e.marks {
		if least == nil || m.weight() < least.weight() || m.weight() == least.weight() && key > worst {
			worst, least = key, m
		}
	}
	delete(e.marks, worst)
}

// weight is how many sources showed the indicator, in whatever company: what is
// critical never has good company, and an operator has to be shown it.
func (m *mark) weight() int { return max(len(m.sources), len(m.seen)) }

// bytes estimates the memory that e takes.
func (e *evidence) bytes() int {
	n := 520 + 8*cap(e.values)
	for _, m := range e.marks {
		n += 208 + 8*(cap(m.sources)+cap(m.seen)) + len(m.example)
	}
	return n
}
