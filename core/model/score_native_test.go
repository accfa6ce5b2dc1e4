package model

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core/kernel"
)

// TestScoreAllocates checks that scoring allocates nothing.
func TestScoreAllocates(t *testing.T) {
	m := basicModel(t)
	s := NewScorer(m, 1<<12)
	v := []byte(strings.Repeat("hello world ", 80) + "' union select login,pin from members--" + strings.Repeat(" hello world", 80))
	h := new(kernel.Hits)
	n := testing.AllocsPerRun(100, func() {
		kernel.Scan(v, m.Gate(), h)
		s.Score(v, h, 0)
		m.Level(1, 10)
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}
