package learn

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/policy"
)

// TestOpenAPI checks that the inventory is valid by kin-openapi, has what was
// seen, and marks what looks sensitive.
func TestOpenAPI(t *testing.T) {
	s, r := newSite(t, Config{}), rand.New(rand.NewPCG(1, 2))
	for range 3 {
		s.crowd(r, 200, 30)
		for i := range 200 {
			s.send(request{address: user(r.IntN(30)), path: "/users/42", param: "email", value: "a@example.org"})
			s.send(request{address: user(r.IntN(30)), path: "/users/42", param: "page", value: "7"})
			if i%40 == 0 {
				s.send(request{address: user(3), path: "/never/{x}", method: "BREW"})
			}
		}
		s.tick()
	}
	again := document(t, s)
	item := again.Paths.Value("/users/{number2}")
	if item == nil || item.Get == nil || again.Paths.Len() != 2 {
		t.Fatalf("paths %v", again.Paths.Keys())
	}
	email, page := item.Get.Parameters.GetByInAndName("query", "email"), item.Get.Parameters.GetByInAndName("query", "page")
	if email == nil || email.Schema.Value.Extensions["x-glacis-sensitive"] != "personal" || !page.Schema.Value.Type.Is("integer") {
		t.Errorf("email %+v, page %+v", email, page)
	}
	if _, err := s.l.OpenAPI("none"); err == nil {
		t.Error("an unknown asset has an inventory")
	}
}

// TestSuggestions checks that critical findings are offered, with a policy that
// the policy's own reader accepts, and that deciding takes them off the list.
func TestSuggestions(t *testing.T) {
	s, r := newSite(t, Config{}), rand.New(rand.NewPCG(1, 3))
	for range 6 {
		s.crowd(r, 300, 30)
		for range 30 {
			s.send(request{address: user(r.IntN(30)), path: "/search", param: "q", value: "x' or 1=1-- ", tokens: payload, level: 3})
		}
		s.tick()
	}
	list := s.l.Suggestions()
	if len(list) != 1 || list[0].Level != "critical" || list[0].Location != "query.q" || list[0].Requests < 100 || list[0].Examples[0] != "'a" {
		t.Fatalf("%+v", list)
	}
	if _, err := policy.Parse("suggestion.yaml", []byte(list[0].Policy), time.Unix(s.now, 0)); err != nil {
		t.Errorf("%v\n%s", err, list[0].Policy)
	}
	if n := s.points(3, payload...); n != 0 {
		t.Errorf("critical: %d points before an operator spoke", n)
	}
	d := Decision{Asset: "shop", Method: "GET", Template: "/search", Location: "query.q", Action: Confirm, Who: "anna", When: s.now, Expires: s.now + 1200}
	if err := s.l.Decide(d); err != nil {
		t.Fatal(err)
	}
	if n := s.points(3, payload...); n != -100 || len(s.l.Suggestions()) != 0 {
		t.Errorf("critical and confirmed: %d points, %d suggestions", n, len(s.l.Suggestions()))
	}
	d.Action = Revoke
	if err := s.l.Decide(d); err != nil {
		t.Fatal(err)
	}
	if n := s.points(2, payload...); n < 0 {
		t.Errorf("revoked: %d points", n)
	}
	for range 4 {
		s.tick()
	}
	if n := len(s.l.Audit()); n != 3 || s.l.Audit()[2].What != "expire" {
		t.Errorf("audit %+v", s.l.Audit())
	}
	for _, bad := range []Decision{{}, {Asset: "a", Location: "l", Action: Confirm}, {Asset: "a", Location: "l", Who: "w", Action: "love"}} {
		if s.l.Decide(bad) == nil {
			t.Errorf("%+v was accepted", bad)
		}
	}
}
