package walk

import (
	"strings"
	"testing"
)

// counter is a Sink that only counts.
type counter struct{ values, bytes, long int }

// Value implements Sink.
func (r *counter) Value(c *Context, v []byte) {
	r.values++
	r.bytes += len(v)
	if len(v) > r.long {
		r.long = len(v)
	}
}

// TestLimits checks that each limit bites, is counted, and counts what it left
// out.
func TestLimits(t *testing.T) {
	deep := "27"
	for i := 0; i < 40; i++ {
		deep = "25" + deep
	}
	cases := []struct {
		name   string
		target string
		change func(l *Limits)
		count  func(c *Counts) uint32
	}{
		{"depth", "/?q=%" + deep, func(l *Limits) {}, func(c *Counts) uint32 { return c.Depth }},
		{"values", "/?" + strings.Repeat("a=1&", 50), func(l *Limits) { l.Values = 20 }, func(c *Counts) uint32 { return c.Values }},
		{"decoded", "/?q=" + strings.Repeat("%2541", 900), func(l *Limits) { l.DecodedRatio, l.DecodedSlack = 1, 0 }, func(c *Counts) uint32 { return c.Decoded }},
	}
	for _, tc := range cases {
		l := testLimits()
		tc.change(&l)
		w := New(new(counter), fullGate(), l)
		w.Target([]byte(tc.target))
		if tc.count(&w.Counts) == 0 || w.Counts.Uninspected == 0 {
			t.Errorf("%s: not counted: %+v", tc.name, w.Counts)
		}
		w.Reset()
		if w.Counts != (Counts{}) {
			t.Errorf("%s: Reset keeps %+v", tc.name, w.Counts)
		}
	}
}
