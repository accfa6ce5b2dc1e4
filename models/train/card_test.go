package train

import (
	"fmt"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core/model"
)

// byHand is a run whose figures can be worked out in the head: the levels
// begin at 10, 20 and 30 everywhere.
func byHand() *Result {
	r := &Result{Tables: &model.Tables{}, Set: NewSet()}
	for l := range r.Tables.Levels {
		r.Tables.Levels[l] = [model.Levels]int{10, 20, 30}
	}
	add := func(x Example, scores ...int32) {
		for _, raw := range scores {
			s := Scores{}
			for l := range s {
				s[l] = model.Clean
			}
			s[len(r.Set.Examples)%len(s)] = raw
			r.Set.Examples = append(r.Set.Examples, x)
			r.Scores = append(r.Scores, s)
		}
	}
	a := Example{File: "attack_a", Category: "sqli", Shape: "get", Attack: true}
	add(a, 5, 15, 25, 35)
	add(Example{File: "attack_b", Category: "lfi", Attack: true}, 25, 25)
	weak, copied, generated := a, a, a
	weak.Weak, copied.Augmented, generated.File = true, true, "gen_attack"
	add(weak, 0)
	add(copied, 0)
	add(generated, 0)
	add(Example{File: "benign_har"}, make([]int32, 990)...)
	add(Example{File: "benign_har"}, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
	add(Example{File: "benign_forms"}, 0, 40)
	add(Example{File: "benign_sqlapi"}, 99)
	add(Example{File: "gen_benign"}, 99)
	return r
}

// TestMeasure checks every rate of a small run against figures by hand.
func TestMeasure(t *testing.T) {
	r := byHand()
	if got := r.thresholds(Recorded, false); got != [model.Levels]int{1, 10, 11} {
		t.Errorf("thresholds %v", got)
	}
	m := r.measure(false)
	for _, c := range []struct {
		name string
		have []share
		want string
	}{
		{"attack_a", m.attack["attack_a"].levels(), "0.75 0.5 0.25"},
		{"attack_a at fixed rates", m.attack["attack_a"].points(), "1 0.75 0.75"},
		{"attack_b", m.attack["attack_b"].levels(), "1 1 0"},
		{"traversal", m.family["traversal"].points(), "1 1 1"},
		{"get", m.shape["get"].levels(), "0.75 0.5 0.25"},
		{"no shape", m.shape["not stated"].levels(), "1 1 0"},
		{"recorded", m.headline.points(), "0.01 0.001 0"},
		{"macro", m.macro(byLevel), "0.875 0.75 0.125"},
		{"macro at fixed rates", m.macro(byPoint), "1 0.875 0.875"},
		{"benign macro", m.falseMacro(), "0.2505 0.25 0.25"},
		{"balanced", m.balanced(byLevel), "0.81225 0.75 0.4375"},
	} {
		var have []string
		for _, s := range c.have {
			have = append(have, fmt.Sprintf("%.6g", s.rate))
			if s.low > s.rate || s.high < s.rate {
				t.Errorf("%s: %+v", c.name, s)
			}
		}
		if got := strings.Join(have, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if len(m.attack) != 2 || len(m.benign) != 3 || len(m.counted()) != 2 {
		t.Errorf("%d, %d, %d groups", len(m.attack), len(m.benign), len(m.counted()))
	}
}

// TestCard checks the text of the card, by hand and of a real run.
func TestCard(t *testing.T) {
	card := byHand().Card()
	for _, want := range []string{
		"| attacks detected, macro average over 2 sources | 87.50 (75.00–100.00) | 75.00 (50.00–100.00) |",
		"| headline traffic flagged (1000 requests) | 0.10 (",
		"| | 1 % | 0.1 % | 0.01 % |", "| source | requests | at 1 % | at 0.1 % | at 0.01 % | at high |",
		"| attack_a | 4 | 100.00 (", "| sqli | 4 |", "| not stated | 2 |", `| benign_sqlapi \* | 1 | 100.00 (`,
	} {
		if !strings.Contains(card, want) {
			t.Errorf("no %s in\n%s", want, card)
		}
	}
	if again := byHand().Card(); again != card {
		t.Error("the same run gives another card")
	}
	card = result(t).Card()
	for _, want := range []string{"| attack_alpha | 50 |", "| attack_beta | 50 |", "| benign_har | 50 |", "| benign_pages | 50 |"} {
		if !strings.Contains(card, want) {
			t.Errorf("no %s in\n%s", want, card)
		}
	}
}

// TestOwnFiles measures files that no name marks as recorded: all honest ones
// but the dual-use ones are the headline.
func TestOwnFiles(t *testing.T) {
	r := byHand()
	for i := range r.Set.Examples {
		if x := &r.Set.Examples[i]; x.File == "benign_har" {
			x.File = "own"
		}
	}
	if n := r.measure(false).headline.n; n != 1002 {
		t.Errorf("%d requests in the headline", n)
	}
	if card := r.Card(); strings.Contains(card, "NaN") || !strings.Contains(card, "| own | 1000 |") {
		t.Errorf("%s", card)
	}
}

// TestOnlyAttacks has a card without rates of false positives.
func TestOnlyAttacks(t *testing.T) {
	r := byHand()
	r.Set.Examples, r.Scores = r.Set.Examples[:6], r.Scores[:6]
	if card := r.Card(); strings.Contains(card, "headline traffic flagged") || strings.Contains(card, "NaN") {
		t.Errorf("%s", card)
	}
}
