package walk

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core/kernel"
)

// TestLong checks that of a value longer than a Sink takes the whole is judged,
// in pieces that overlap, and that its escapes are undone to the end.
func TestLong(t *testing.T) {
	for _, gate := range []*kernel.Gate{new(kernel.Gate), fullGate()} {
		var r recorder
		w := New(&r, gate, testLimits())
		w.at(Query, "query.q")
		w.input = 2 * MaxValue
		w.value([]byte(strings.Repeat("some words ", MaxValue/7)+"%75nion select"), 0, 0)
		all := strings.Join(r.lines, "\n")
		if !strings.Contains(all, "words %75nion select") || !strings.Contains(all, "#percent=") || !strings.Contains(all, "words union select") {
			t.Errorf("the end was not seen: %d values", len(r.lines))
		}
		if r.long > MaxValue || w.Counts != (Counts{}) {
			t.Errorf("a value of %d bytes, %+v", r.long, w.Counts)
		}
	}
}
