package evade

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
)

// TestProse checks length and alphabet: honest text is letters, blanks and full
// stops.
func TestProse(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 10, 500, 20_000} {
		text := prose(r, n)
		if len(text) != n || strings.Trim(strings.ToLower(text), "abcdefghijklmnopqrstuvwxyz. ") != "" || text[0] == ' ' {
			t.Errorf("%d: %d bytes, %.80q", n, len(text), text)
		}
	}
}

// TestProsePasses: text that the engine blocks by itself would hide nothing.
func TestProsePasses(t *testing.T) {
	x := target(t, core.ConfidenceHigh)
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{10, 100, 1000, 100_000} {
		if text := prose(r, n); x.Blocks(text, true) {
			t.Errorf("blocked: %.200q", text)
		}
	}
}

// TestPad runs over every size and side, in the order of Paddings. The attack
// is plain and the engine strict, so that no model worth shipping lets it pass.
func TestPad(t *testing.T) {
	x := target(t, core.ConfidenceMedium)
	got := pad(x, &Attack{Value: "a quiet village", Post: true}, 1)
	list := Paddings()
	if len(got) != len(list) || len(list) != 15 || list[14] != (Padding{Bytes: 50_000, Side: "both"}) {
		t.Fatalf("%d outcomes, %+v", len(got), list)
	}
	for i, trial := range got {
		if trial == Held {
			t.Errorf("honest text with %d bytes %s is blocked", list[i].Bytes, list[i].Side)
		}
	}
	strong := Attack{Post: true, Value: "7' union select pin, mail from badges where id='3 <script src=//evil.example.test/k.js></script>"}
	for i, trial := range pad(x, &strong, 1) {
		if trial != Held {
			t.Errorf("%d bytes %s hide an attack", list[i].Bytes, list[i].Side)
		}
	}
}

// TestPadLeavesOut: what goes into a query stays there, or is left out.
func TestPadLeavesOut(t *testing.T) {
	x := target(t, core.ConfidenceHigh)
	for i, trial := range pad(x, &Attack{Value: "a quiet village"}, 1) {
		if (trial == Left) != (Paddings()[i].Bytes >= maxQuery) {
			t.Errorf("%+v: %d", Paddings()[i], trial)
		}
	}
}
