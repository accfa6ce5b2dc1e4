package evasion

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/models/gen"
)

func rnd(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 77)) }

// naive counts signatures: what a list of strings would see.
func naive(v string) float64 {
	n := 0.0
	for _, w := range []string{"union select", " or ", "<script", "<img ", "/etc/passwd", "cat ", "127.0.0.1", "{{7", "../../"} {
		n += float64(strings.Count(v, w))
	}
	return n
}

// TestSearchFindsTheWayAround: a list of strings is evaded for families with a
// rich syntax, which shows that the search works.
func TestSearchFindsTheWayAround(t *testing.T) {
	for family, value := range map[string]string{
		"sqli":      "1' union select user from users-- ",
		"xss":       "<img src=x onerror=alert(1)>",
		"cmdi":      "1;cat /etc/passwd",
		"traversal": "../../../../etc/passwd",
		"ssrf":      "http://127.0.0.1/admin",
	} {
		if naive(value) == 0 {
			t.Fatalf("%s: not seen as it is", family)
		}
		best, low := Search(rnd(1), value, family, naive, 100)
		if low != 0 || naive(best) != low {
			t.Errorf("%s: %v for %q", family, low, best)
		}
	}
}

// TestSearchIsAFunctionOfTheSource: same source, same way.
func TestSearchIsAFunctionOfTheSource(t *testing.T) {
	for _, s := range gen.Attacks(3, 2) {
		a, x := Search(rnd(5), s.Value, s.Family, length, 30)
		b, y := Search(rnd(5), s.Value, s.Family, length, 30)
		if a != b || x != y {
			t.Fatalf("%s: %q and %q", s.Group, a, b)
		}
	}
}

func length(v string) float64 { return float64(len(v)) }

// TestSearchNeverGetsWorse: the result scores no higher than the value, its score
// is that of the text returned, the budget of calls is kept and growth bounded.
func TestSearchNeverGetsWorse(t *testing.T) {
	for _, s := range gen.Attacks(4, 2) {
		calls := 0
		longest := func(v string) float64 {
			calls++
			if len(v) > growth*len(s.Value)+slack {
				t.Errorf("%s: grew to %d from %d", s.Group, len(v), len(s.Value))
			}
			return -float64(len(v))
		}
		best, low := Search(rnd(6), s.Value, s.Family, longest, 40)
		if low > -float64(len(s.Value)) || low != -float64(len(best)) {
			t.Errorf("%s: %v for %q", s.Group, low, best)
		}
		if calls > 41 {
			t.Errorf("%s: %d calls", s.Group, calls)
		}
	}
}

func TestSearchWithoutSteps(t *testing.T) {
	if best, low := Search(rnd(1), "x", "sqli", length, 0); best != "x" || low != 1 {
		t.Fatalf("%q, %v", best, low)
	}
	if best, _ := Search(rnd(1), "", "none", length, 20); len(best) > slack {
		t.Fatalf("%q", best)
	}
}
