package policy

import "strings"

// covers says whether p matches all that q matches. It reads q as a text whose
// wildcards only wildcards as wide can take, so it never errs by saying yes.
func (p *pattern) covers(q *pattern) bool {
	if !strings.HasPrefix(q.head, p.head) {
		return false
	}
	var buffer [2][maxPattern + 1]bool
	now, next := buffer[0][:len(p.ops)+1], buffer[1][:len(p.ops)+1]
	now[0] = true
	p.skip(now)
	for i := 0; i < len(q.ops); i++ {
		c := q.ops[i]
		stop := c == anything || c < anyStep && p.stop(byte(c))
		for k := 0; k < len(next); k++ {
			next[k] = false
		}
		for k := 0; k < len(p.ops); k++ {
			if !now[k] {
				continue
			}
			op := p.ops[k]
			if op == anything || op == anyStep && !stop {
				next[k] = true
			} else if op == c {
				next[k+1] = true
			}
		}
		p.skip(next)
		now, next = next, now
	}
	return now[len(p.ops)]
}

// covers says whether p matches every location that q matches. What the decode
// chain of q stands behind must be clear: "**" before it may be a chain itself.
func (p *place) covers(q *place) bool {
	if p.chain == q.chain {
		return p.glob.covers(q.glob)
	}
	if p.chain {
		return false
	}
	for i := 0; i < len(q.glob.ops); i++ {
		if q.glob.ops[i] == '#' {
			head, _, _ := strings.Cut(q.glob.head, "#")
			return p.glob.covers(&pattern{ops: q.glob.ops[:i], stops: q.glob.stops, head: head})
		}
		if q.glob.ops[i] == anything {
			return false
		}
	}
	return false
}

// Scope is where an exception or a rate limit holds: paths, locations and JSON
// paths, by what their patterns match. It is immutable.
type Scope struct {
	places []*place
	paths  []*pattern
}

// NewScope returns the scope of an exception that was compiled without an error.
func NewScope(x *Exception) *Scope {
	c := &compiler{}
	return &Scope{places: c.allPlaces("", x), paths: c.patterns("", x.Paths, "/")}
}

// Covers says whether s holds wherever t does. It may say no where one pattern
// of t takes several of s, and never errs by saying yes. It takes as many steps
// as the patterns of both have bytes, multiplied.
func (s *Scope) Covers(t *Scope) bool {
	for i := 0; i < len(t.paths); i++ {
		found := false
		for k := 0; k < len(s.paths); k++ {
			found = found || s.paths[k].covers(t.paths[i])
		}
		if !found && len(s.paths) > 0 {
			return false
		}
	}
	for i := 0; i < len(t.places); i++ {
		found := false
		for k := 0; k < len(s.places); k++ {
			found = found || s.places[k].covers(t.places[i])
		}
		if !found && len(s.places) > 0 {
			return false
		}
	}
	// a list that is empty holds for everything
	return (len(s.paths) == 0 || len(t.paths) > 0) && (len(s.places) == 0 || len(t.places) > 0)
}
