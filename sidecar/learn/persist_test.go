package learn

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"testing"
)

// learned is a site that has seen something of everything.
func learned(t *testing.T) *site {
	t.Helper()
	s, r := newSite(t, Config{Requests: 50}), rand.New(rand.NewPCG(1, 2))
	for range 5 {
		s.crowd(r, 200, 40)
		for i := range 30 {
			s.send(request{address: user(i), path: "/search", param: "q", value: "it's", tokens: []string{"'s"}, level: 1, cut: i%2 == 0})
		}
		s.tick()
	}
	if err := s.l.Decide(Decision{Asset: "shop", Method: "GET", Template: "/search", Location: "query.q", Action: Dismiss, Who: "ann", When: s.now}); err != nil {
		t.Fatal(err)
	}
	s.crowd(r, 50, 40) // a window that is still open
	s.send(request{address: user(1), path: "/new/" + "page", param: "x", value: "1"})
	s.flush()
	if err := s.l.Decide(Decision{Asset: "shop", Location: "query.q", Action: Confirm, Who: "ann", When: s.now, Why: "names"}); err != nil {
		t.Fatal(err)
	}
	return s
}

// A state that is written and read is the same in every field, and goes on the
// same.
func TestStateRoundTrip(t *testing.T) {
	s := learned(t)
	if err := s.l.Freeze("shop", true, "ann", s.now); err != nil {
		t.Fatal(err)
	}
	state := s.l.AppendState(nil)
	back := newSite(t, Config{Requests: 50})
	if err := back.l.LoadState(state); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(back.l.AppendState(nil), state) {
		t.Error("the same state, other bytes")
	}
	a, b := s.l.assets["shop"], back.l.assets["shop"]
	a.places, b.places = nil, nil // a cache
	if !reflect.DeepEqual(a, b) {
		t.Error("not the same asset: does the coder know all fields?")
	}
	if s.l.counts != back.l.counts || !reflect.DeepEqual(s.l.decisions, back.l.decisions) || !reflect.DeepEqual(s.l.audit, back.l.audit) || s.l.Window() != back.l.Window() {
		t.Error("not the same learner")
	}
	a.places, b.places = map[string]resolved{}, map[string]resolved{}
	for _, x := range []*site{s, back} {
		if err := x.l.Freeze("shop", false, "ann", s.now); err != nil {
			t.Fatal(err)
		}
		x.now, x.batches = s.now, 1000
		x.crowd(rand.New(rand.NewPCG(7, 7)), 300, 30)
		x.tick()
	}
	one, err1 := s.l.Snapshot(1)
	two, err2 := back.l.Snapshot(1)
	if err1 != nil || err2 != nil || !bytes.Equal(one, two) {
		t.Error("went on differently", err1, err2)
	}
}

// Damaged states are errors, never panics, and leave the learner as it was.
func TestDamagedState(t *testing.T) {
	s := learned(t)
	state, r := s.l.AppendState(nil), rand.New(rand.NewPCG(3, 4))
	for range 200 {
		cut := state[:r.IntN(len(state))]
		if err := s.l.LoadState(cut); err == nil {
			t.Fatalf("%d of %d bytes were taken for the whole", len(cut), len(state))
		}
	}
	for range 300 {
		bent := bytes.Clone(state)
		for range 1 + r.IntN(8) {
			bent[r.IntN(len(bent))] = byte(r.Uint32())
		}
		_ = newSite(t, Config{}).l.LoadState(bent) // whatever it says, it comes back
	}
	if !bytes.Equal(s.l.AppendState(nil), state) {
		t.Error("what could not be loaded has changed the learner")
	}
}
