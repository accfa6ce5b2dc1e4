package walk

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core/kernel"
)

// TestCold checks what is respelled of values without any gate hit: chains of
// hexadecimal literals, and nothing else.
func TestCold(t *testing.T) {
	cases := []struct{ value, want string }{
		{"0x2e0x2e0x5c0x650x740x63", "query.q#hex=..\\\\etc"},
		{"0X2E0x2E0x2F", "query.q#hex=../"},
		{"id-0x2e0x2e0x2f-id", "query.q#hex=id-../-id"},
		{"0x7ffd10a0", ""},
		{"0x00ff0000 0x00ff", ""},
		{"exp0x0x0xa", ""},
		{"cur'l'", ""},
		{"\xff.\xff.", ""},
	}
	for _, tc := range cases {
		var r recorder
		w := New(&r, new(kernel.Gate), testLimits())
		w.at(Query, "query.q")
		w.value([]byte(tc.value), 0, 0)
		got := strings.Join(r.lines[1:], "\n")
		if got != tc.want {
			t.Errorf("%q: %q, want %q", tc.value, got, tc.want)
		}
	}
}

// TestColdLong checks that a chain is found wherever it stands in a long value.
func TestColdLong(t *testing.T) {
	for _, gate := range []*kernel.Gate{new(kernel.Gate), fullGate()} {
		var r recorder
		w := New(&r, gate, testLimits())
		w.at(Query, "query.q")
		w.value([]byte(strings.Repeat("some words ", 300)+"0x2e0x2e0x5c0x650x740x63"+strings.Repeat(" more words", 300)), 0, 0)
		if all := strings.Join(r.lines, "\n"); !strings.Contains(all, "words ..\\\\etc more") {
			t.Errorf("not found: %.200q", all)
		}
	}
}
