package model

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core/kernel"
)

// TestClean checks that a value without gate trigrams is clean.
func TestClean(t *testing.T) {
	s := NewScorer(toyModel(t, -1), 1000)
	for _, v := range []string{"", "a", "at", "hello", "a t t a c k", strings.Repeat("nothing here ", 40)} {
		if n := rate(s, v, 0); n != Clean {
			t.Errorf("%q scores %d", v, n)
		}
		if x := explain(s, v, 0); x.Raw != Clean || x.Family != None || x.Start != 0 || x.End != 0 || len(x.Tokens) != 0 {
			t.Errorf("%q: %+v", v, x)
		}
	}
}

// TestOnce checks that a feature counts once in a run: said twice is no more
// than said once, but for the features across the border.
func TestOnce(t *testing.T) {
	s := NewScorer(toyModel(t, 0), 1000)
	once, often := rate(s, "attack!", 0), rate(s, strings.Repeat("attack!", 30), 0)
	if once <= 0 || often > 2*once {
		t.Errorf("once %d, thirty times %d", once, often)
	}
}

// TestBiasAndFlags checks what is added to the sum.
func TestBiasAndFlags(t *testing.T) {
	m := toyModel(t, -1)
	s := NewScorer(m, 1000)
	plain := rate(s, "attack!", 0)
	if n := rate(s, "attack!", 1<<10); n != plain+7 {
		t.Errorf("%d with flag 10, %d without", n, plain)
	}
	if n := rate(s, "hello", 1<<10); n != Clean {
		t.Errorf("flags alone score %d", n)
	}
}

// TestRegions checks the regions of hits: far hits make regions of their own,
// near ones share one, and the border cuts nothing of the word off.
func TestRegions(t *testing.T) {
	for _, c := range []struct {
		pos           []int32
		n             int
		from, to, nxt int
	}{
		{[]int32{0}, 10, 0, 10, 1},
		{[]int32{2}, 1000, 0, 66, 1},
		{[]int32{100}, 1000, 52, 164, 1},
		{[]int32{100, 101, 102}, 1000, 52, 166, 3},
		{[]int32{100, 212}, 1000, 52, 276, 2},
		{[]int32{100, 213}, 1000, 52, 164, 1},
		{[]int32{990}, 1000, 942, 1000, 1},
	} {
		var h kernel.Hits
		h.N = copy(h.Pos[:], c.pos)
		from, to, next := region(&h, 0, c.n)
		if from != c.from || to != c.to || next != c.nxt {
			t.Errorf("hits %v of %d: %d to %d, then %d", c.pos, c.n, from, to, next)
		}
	}
	var full kernel.Hits
	full.N = kernel.MaxHits
	for i := 0; i < full.N; i++ {
		full.Pos[i] = int32(i)
	}
	if _, to, _ := region(&full, 0, 1<<15); to != 1<<15 {
		t.Errorf("behind the last recorded hit only %d bytes are scored", to)
	}
}

// TestManyRegions checks that the best of many regions counts, also behind the
// last hit that is recorded.
func TestManyRegions(t *testing.T) {
	s := NewScorer(toyModel(t, -1), 1<<16)
	// enough different features between hits to end every run
	plain := " the quick brown fox jumps over that lazy dog; pack my box with five dozen jugs, how very vexing "
	best := rate(s, plain+"attack!"+plain, 0)
	if best < 50 {
		t.Fatalf("the word scores %d", best)
	}
	v := strings.Repeat(plain+"att", 300) + plain + "attack!" + plain
	if n := rate(s, v, 0); n < best {
		t.Errorf("%d behind 300 weaker hits, %d alone", n, best)
	}
}

// TestRun compares the scorer's loop with the rules written down plainly, on
// every part of a text: of any length, at the value's ends and inside.
func TestRun(t *testing.T) {
	text := "an attack! of att;ack! and\x00attack! 1a2B3c4D5e6F7g8H9 end"
	for _, rest := range []int8{-1, 2} {
		m := toyModel(t, rest)
		s := NewScorer(m, 100)
		for from := 0; from <= len(text); from++ {
			for to := from; to <= len(text); to += 2 + to%5 {
				syms := normalize(nil, nil, []byte(text[from:to]))
				want := topOf(m, steps(syms, from > 0, to == len(text)), Drop*m.scale)
				if n := s.run([]byte(text), from, to); n != want {
					t.Errorf("rest %d, %q (%d to %d): %d instead of %d", int(rest), text[from:to], from, to, n, want)
				}
			}
		}
	}
}

// TestExplain checks the explanation of a known word: the window holds it, and
// all that checkExplanation says.
func TestExplain(t *testing.T) {
	s := NewScorer(toyModel(t, -1), 1000)
	v := strings.Repeat("- ", 60) + "attack!" + strings.Repeat(" -", 60)
	x := explain(s, v, 0)
	if x.Family != SQLi || !strings.Contains(v[x.Start:x.End], "attack") || x.End-x.Start > 20 {
		t.Errorf("%+v: %q", x, v[x.Start:x.End])
	}
	checkExplanation(t, s, v)
	checkExplanation(t, s, "an attack!")
	s = NewScorer(basicModel(t), 1000)
	checkExplanation(t, s, "7' union select login,pin from members-- ")
}

// checkExplanation checks that the raw score is that of Score, that the window
// lies in the value, and that tokens come heaviest first.
func checkExplanation(t *testing.T, s *Scorer, v string) {
	t.Helper()
	raw := rate(s, v, 0)
	x := explain(s, v, 0)
	if x.Raw != raw {
		t.Errorf("%.80q scores %d, its explanation %d", v, raw, x.Raw)
	}
	if x.Start < 0 || x.End < x.Start || x.End > len(v) || raw != Clean && x.Start == x.End {
		t.Errorf("%.80q: window %d to %d of %d", v, x.Start, x.End, len(v))
	}
	if x.Family >= Families || len(x.Tokens) > MaxTokens {
		t.Errorf("%.80q: %+v", v, x)
	}
	for i := 1; i < len(x.Tokens); i++ {
		if x.Tokens[i].Weight > x.Tokens[i-1].Weight || x.Tokens[i].Weight <= 0 {
			t.Errorf("%.80q: tokens %+v", v, x.Tokens)
		}
	}
	// the state of a scorer that has seen much does not show
	if again := rate(NewScorer(s.model, len(v)), v, 0); again != raw {
		t.Errorf("%.80q scores %d in a new scorer, %d in a used one", v, again, raw)
	}
}
