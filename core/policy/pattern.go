package policy

import (
	"errors"
	"strings"
)

// maxPattern bounds a pattern; matching costs length × pattern steps.
const maxPattern = 256

// pattern is a glob: '*' stands for any bytes of one step, "**" for any bytes,
// and the byte behind a backslash for itself. Steps end at the bytes of stops.
type pattern struct {
	// ops holds one entry a byte: the byte itself, or one of the two wildcards.
	ops   []uint16
	stops string
	// head are the bytes before the first wildcard, for a quick no.
	head string
}

const (
	anyStep  = 256
	anything = 257
)

func newPattern(text, stops string) (*pattern, error) {
	if text == "" {
		return nil, errors.New("empty pattern")
	}
	if len(text) > maxPattern {
		return nil, errors.New("pattern longer than 256 bytes")
	}
	p := &pattern{stops: stops}
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '*' && i+1 < len(text) && text[i+1] == '*' {
			p.ops = append(p.ops, anything)
			i++
		} else if c == '*' {
			p.ops = append(p.ops, anyStep)
		} else {
			if c == '\\' && i+1 < len(text) {
				i++
				c = text[i]
			}
			p.ops = append(p.ops, uint16(c))
		}
	}
	for i := 0; i < len(p.ops) && p.ops[i] < anyStep; i++ {
		p.head += string([]byte{byte(p.ops[i])})
	}
	return p, nil
}

// match says whether the pattern matches all of s. It simulates the automaton
// of the pattern, so that no input makes it slow.
func (p *pattern) match(s string) bool {
	if !strings.HasPrefix(s, p.head) {
		return false
	}
	var buffer [2][maxPattern + 1]bool
	now, next := buffer[0][:len(p.ops)+1], buffer[1][:len(p.ops)+1]
	now[0] = true
	p.skip(now)
	for i := 0; i < len(s); i++ {
		c := s[i]
		stop := p.stop(c)
		some := false
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
				some = true
			} else if op == uint16(c) {
				next[k+1] = true
				some = true
			}
		}
		if !some {
			return false
		}
		p.skip(next)
		now, next = next, now
	}
	return now[len(p.ops)]
}

// skip lets wildcards match nothing.
func (p *pattern) skip(states []bool) {
	for k := 0; k < len(p.ops); k++ {
		if states[k] && p.ops[k] >= anyStep {
			states[k+1] = true
		}
	}
}

func (p *pattern) stop(c byte) bool {
	for i := 0; i < len(p.stops); i++ {
		if p.stops[i] == c {
			return true
		}
	}
	return false
}
