package learn

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// TestGrounds checks that the audit trail has what was known of an indicator or
// parameter when it was decided, and that it stays as it was.
func TestGrounds(t *testing.T) {
	s, r := newSite(t, Config{}), rand.New(rand.NewPCG(5, 1))
	show := func(windows int) {
		for range windows {
			s.crowd(r, 100, 40)
			for n := range 15 {
				s.send(request{address: user(n), path: "/search", param: "q", value: "select a lamp", tokens: []string{"select"}, level: 2})
			}
			for n := range 7 {
				s.send(request{address: user(n), path: "/search", param: "q", value: "' or 1", tokens: []string{"' or"}, level: 3})
			}
			s.tick()
		}
	}
	show(2)
	at := Decision{Asset: "shop", Method: "GET", Template: "/search", Location: "query.q", Who: "ann", Why: "titles"}
	indicators := s.l.Params("shop", "GET", "/search")[0].Indicators
	indicator := indicators[0]
	decide := func(action, indicator string) *Grounds {
		t.Helper()
		d := at
		d.Action, d.Indicator = action, indicator
		if err := s.l.Decide(d); err != nil {
			t.Fatal(err)
		}
		audit := s.l.Audit()
		return audit[len(audit)-1].Grounds
	}
	want := Grounds{indicator.Sources, indicator.Requests, 2}
	if indicator.Sources != 15 || indicator.Requests < 20 {
		t.Fatalf("%+v", indicator)
	}
	for _, action := range []string{Confirm, Dismiss, Revoke} {
		if g := decide(action, indicator.Key); g == nil || *g != want {
			t.Errorf("%s: %+v, want %+v", action, g, want)
		}
	}
	if g := decide(Confirm, indicators[1].Key); g == nil || *g != (Grounds{7, indicators[1].Requests, 2}) {
		t.Errorf("of what is critical, whose requests are no votes: %+v", g)
	}
	p := s.l.Params("shop", "GET", "/search")[0]
	if g := decide(Revoke, ""); g == nil || *g != (Grounds{p.Sources, p.Requests, 2}) || g.Sources < 30 {
		t.Errorf("of all of the parameter: %+v", g)
	}
	for _, unknown := range []string{"00000001", "x"} {
		if g := decide(Confirm, unknown); g != nil {
			t.Errorf("of %q nothing is known: %+v", unknown, g)
		}
	}
	at.Location = "query.none"
	if g := decide(Confirm, ""); g != nil {
		t.Errorf("of %q nothing is known: %+v", at.Location, g)
	}
	before := s.l.Audit()
	show(2)
	if after := s.l.Audit(); !reflect.DeepEqual(before, after) || *after[0].Grounds != want {
		t.Errorf("what is seen later changes the trail: %+v", after)
	}
	at.Location = "query.q"
	if g := decide(Confirm, indicator.Key); g.Windows != 4 || g.Requests <= want.Requests {
		t.Errorf("two windows later: %+v", g)
	}
}

func TestGroundsString(t *testing.T) {
	if got := (&Grounds{3, 40, 2}).String(); got != "3 sources, 40 requests, 2 windows" {
		t.Error(got)
	}
	if got := (*Grounds)(nil).String(); got != "" {
		t.Error(got)
	}
}

// TestImportAudit checks that an import says how many decisions of each asset it
// took over, in a fixed order, and changes nothing when it fails.
func TestImportAudit(t *testing.T) {
	s := newSite(t, Config{Assets: []AssetRule{{Name: "blog", Host: "blog.test"}, {Name: "shop", Host: "*"}}})
	of := func(asset, location, action string) Decision {
		return Decision{Asset: asset, Location: location, Action: action, Who: "ann"}
	}
	x := &Export{Assets: []ExportedAsset{{Name: "shop"}, {Name: "blog"}}, Decisions: []Decision{of("shop", "query.b", Confirm), of("shop", "query.a", Revoke), of("other", "query.c", Dismiss)}}
	if err := s.l.Import(x, "ci", 7); err != nil {
		t.Fatal(err)
	}
	want := []Entry{{When: 7, Who: "ci", What: "import", Detail: "blog: decisions taken over: 0"}, {When: 7, Who: "ci", What: "import", Detail: "other: decisions taken over: 1"},
		{When: 7, Who: "ci", What: "import", Detail: "shop: decisions taken over: 2"}}
	if got := s.l.Audit(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	before := s.l.AppendState(nil)
	x.Decisions = []Decision{of("shop", "query.new", Confirm), of("shop", "query.a", "sing")}
	if err := s.l.Import(x, "ci", 8); err == nil || err.Error() != `import: decisions[1]: action "sing" is none of confirm, revoke, dismiss` {
		t.Error(err)
	}
	if !reflect.DeepEqual(s.l.AppendState(nil), before) {
		t.Error("an import that failed has changed something")
	}
}
