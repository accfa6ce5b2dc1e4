package learn

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// TestExtent checks that the order, the repetition and the division of what is
// joined do not matter, and that nothing seen is the neutral element.
func TestExtent(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 200 {
		parts := make([]extent, 1+r.IntN(6))
		var first, last int64
		for i := range parts {
			if r.IntN(4) == 0 {
				continue // never seen
			}
			a, b := 1+r.Int64N(50), 1+r.Int64N(50)
			parts[i] = extent{min(a, b), max(a, b)}
			if first == 0 || parts[i].first < first {
				first = parts[i].first
			}
			last = max(last, parts[i].last)
		}
		var one, left, right extent
		for _, i := range r.Perm(len(parts)) {
			one.span(parts[i].first, parts[i].last)
			one.span(parts[i].first, parts[i].last)
			half := &left
			if r.IntN(2) == 0 {
				half = &right
			}
			half.span(parts[i].first, parts[i].last)
		}
		left.span(right.first, right.last)
		if want := (extent{first, last}); one != want || left != want {
			t.Fatalf("%v gives %v and, divided, %v, want %v", parts, one, left, want)
		}
	}
}

// TestIndicatorsSeen checks when indicators were seen first and last: critical
// ones, whose requests are no votes, too; after order, repetition and division;
// and after the state was stored.
func TestIndicatorsSeen(t *testing.T) {
	play := func(seed uint64) *site {
		r, s := rand.New(rand.NewPCG(seed, 1)), newSite(t, Config{})
		for window := range 6 {
			var list []Batch
			for n := range 12 {
				q := request{address: user(n), path: "/search", param: "q", value: "select a lamp"}
				if window >= 1 && window <= 3 {
					q.tokens, q.level = []string{"select"}, 2
				} else if window == 4 {
					q.tokens, q.level = []string{"drop"}, 3
				}
				list = append(list, Batch{ID: [16]byte{byte(window + 1), byte(n)}, Records: [][]byte{s.record(q)}})
			}
			r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			divide(s.l, list, r)
			s.tick()
		}
		return s
	}
	s := play(1)
	want := s.l.Params("shop", "GET", "/search")
	begin := 20000 * int64(day)
	moments := map[string][2]int64{"high": {begin + 600, begin + 3*600}, "critical": {begin + 4*600, begin + 4*600}}
	for _, x := range want[0].Indicators {
		if got := [2]int64{x.First, x.Last}; got != moments[x.Level] {
			t.Errorf("%s: seen %v, want %v", x.Level, got, moments[x.Level])
		}
	}
	if len(want[0].Indicators) != len(moments) {
		t.Errorf("%+v", want[0].Indicators)
	}
	for seed := range uint64(5) {
		if got := play(seed+2).l.Params("shop", "GET", "/search"); !reflect.DeepEqual(got, want) {
			t.Errorf("another order, other evidence: %+v, want %+v", got, want)
		}
	}
	back := newSite(t, Config{})
	if err := back.l.LoadState(s.l.AppendState(nil)); err != nil {
		t.Fatal(err)
	}
	if got := back.l.Params("shop", "GET", "/search"); !reflect.DeepEqual(got, want) {
		t.Errorf("stored and loaded: %+v, want %+v", got, want)
	}
}
