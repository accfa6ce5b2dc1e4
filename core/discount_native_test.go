package core

import (
	"testing"

	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/core/profile"
)

// TestMaxDiscount: what is familiar takes off as much as the policy allows, and
// what an operator confirmed all of it.
func TestMaxDiscount(t *testing.T) {
	plain, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	r := &Request{Method: "POST", URI: "/form", Headers: []Header{{"Host", "h"}, {"Content-Type", "application/x-www-form-urlencoded"}},
		Body: []byte("a1=" + lesser(t, plain) + "&b=1&c=2")}
	found := plain.Inspect(r).Findings[0]
	var prints []uint16
	for _, token := range found.Tokens {
		if len(prints) < profile.MaxTokens {
			prints = append(prints, profile.Print(profile.TokenKey(uint8(found.Family), token.Text)))
		}
	}
	root := profile.Root("a")
	node := profile.Endpoint(root, []byte("POST"), []byte("/form"))
	record := profile.Record{Key: profile.Param(node, []byte("body.form.a1")), Flags: profile.RecordMature, Types: 1<<32 - 1,
		Classes: 1<<32 - 1, Lengths: 1<<16 - 1, Sources: 30, Votes: 30, Windows: 5, Familiar: prints}
	points := func(p *policy.Policy) int {
		data, err := profile.Encode(&profile.Content{Assets: []profile.Asset{{Name: "a", Host: "*"}},
			Nodes:  []profile.Node{{Key: profile.Mix(root, profile.Hash([]byte("POST")))}, {Key: node, Flags: profile.NodeEndpoint | profile.NodeMature}},
			Params: []profile.Record{record}})
		if err != nil {
			t.Fatal(err)
		}
		learned, err := profile.Load(data)
		if err != nil {
			t.Fatal(err)
		}
		e, err := New(Config{Profile: learned, Policy: p})
		if err != nil {
			t.Fatal(err)
		}
		v := e.Inspect(r)
		if len(v.Findings) == 0 || len(v.Findings[0].Adjustments) == 0 {
			t.Fatalf("no adjustment: %+v", v)
		}
		return v.Findings[0].Adjustments[0].Points
	}
	small := compileRules(t, []byte(`{"apiVersion":"glacis/v1","learning":{"maxDiscount":7}}`))
	if free, bound := points(nil), points(small); free >= -7 || bound != -7 {
		t.Errorf("%d points without a policy, %d with a bound of 7", free, bound)
	}
	record.Familiar, record.Confirmed = nil, prints
	if all := points(small); all >= -7 {
		t.Errorf("%d points for what an operator confirmed", all)
	}
}
