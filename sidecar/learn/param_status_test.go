package learn

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestParams shows the evidence of a parameter: an indicator that becomes
// familiar, one of a stranger, and what an operator says about both.
func TestParams(t *testing.T) {
	s, r := newSite(t, Config{}), rand.New(rand.NewPCG(3, 1))
	for range 6 {
		s.crowd(r, 250, 40)
		for n := range 20 {
			s.send(request{address: user(n), path: "/search", param: "q", value: "select a lamp", tokens: []string{"select"}, level: 2})
		}
		s.send(request{address: "203.0.113.9", path: "/search", param: "q", value: "' or 1", tokens: []string{"' or"}, level: 3})
		s.tick()
	}
	list := s.l.Params("shop", "GET", "/search")
	if len(list) != 1 {
		t.Fatalf("%+v", list)
	}
	p := list[0]
	if p.Location != "query.q" || p.Maturity.Level != Settled || p.Sources < 30 || p.Requests < 1000 || !slices.Contains(p.Types, "word") || p.First == 0 || p.Last <= p.First || p.Last > s.now {
		t.Errorf("%+v", p)
	}
	state := func() (states []string) {
		for _, x := range s.l.Params("shop", "GET", "/search")[0].Indicators {
			states = append(states, x.Family+" "+x.Level+" "+x.State)
		}
		return states
	}
	if got := state(); !slices.Equal(got, []string{"sqli high familiar", "sqli critical watched"}) {
		t.Errorf("%q", got)
	}
	if x := p.Indicators[0]; x.Trusted < x.Needed || x.Sources < 12 || x.Windows != 6 || x.Example != "'a" || x.Requests < 80 {
		t.Errorf("%+v", x)
	}
	begin := 20000 * int64(day)
	if x := p.Indicators[0]; x.First != begin || x.Last != begin+5*600 || p.First != begin || p.Last != x.Last {
		t.Errorf("seen from %d to %d, the parameter from %d to %d", x.First, x.Last, p.First, p.Last)
	}
	for i, action := range []string{Revoke, Confirm} {
		if err := s.l.Decide(Decision{Asset: "shop", Method: "GET", Template: "/search", Location: "query.q", Indicator: p.Indicators[i].Key, Action: action, Who: "anna"}); err != nil {
			t.Fatal(err)
		}
	}
	if got := state(); !slices.Equal(got, []string{"sqli high revoked", "sqli critical confirmed"}) {
		t.Errorf("%q", got)
	}
	if list := s.l.Params("shop", "POST", "/search"); len(list) != 0 {
		t.Errorf("%+v", list)
	}
	if list := s.l.Params("nowhere", "", ""); list != nil {
		t.Errorf("%+v", list)
	}
}
