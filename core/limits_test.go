package core

import (
	"strings"
	"testing"
)

// TestLimits checks that every limit bites where it should, is counted, and
// says how much it left out.
func TestLimits(t *testing.T) {
	words := strings.Repeat("honest words ", 100)
	cases := []struct {
		name   string
		limits Limits
		in     Request
		kind   LimitKind
	}{
		{"header", Limits{HeaderBytes: 100}, Request{Method: "GET", URI: "/", Headers: []Header{{"X", words}}}, LimitHeader},
		{"uri", Limits{HeaderBytes: 100}, Request{Method: "GET", URI: "/" + words}, LimitHeader},
		{"body", Limits{BodyBytes: 100}, Request{Method: "POST", URI: "/", Body: []byte(words)}, LimitBody},
		{"values", Limits{Values: 10}, Request{Method: "GET", URI: "/?" + strings.Repeat("a=1&", 100)}, LimitValues},
		{"depth", Limits{Depth: 1}, Request{Method: "GET", URI: "/?a=%25252541"}, LimitDepth},
		{"decoded", Limits{DecodedRatio: 1, DecodedSlack: 1}, Request{Method: "GET", URI: "/?a=" + strings.Repeat("%2541", 300)}, LimitDecoded},
		{"encoding", Limits{}, Request{Method: "POST", URI: "/", Headers: []Header{{"Content-Encoding", "br"}}, Body: []byte(words)}, LimitEncoding},
	}
	for _, tc := range cases {
		e, err := New(Config{Limits: tc.limits})
		if err != nil {
			t.Fatal(err)
		}
		v := e.Inspect(&tc.in)
		if v.Limits[tc.kind] == 0 || v.Uninspected == 0 {
			t.Errorf("%s: %+v not counted", tc.name, v)
		}
		tc.in = Request{Method: "GET", URI: "/"}
		if v := e.Inspect(&tc.in); v.Limits != [LimitKinds]uint32{} || v.Uninspected != 0 {
			t.Errorf("%s: a pooled transaction keeps %+v", tc.name, v)
		}
	}
}

// TestUnderLimits checks that an ordinary request meets none.
func TestUnderLimits(t *testing.T) {
	e, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	r := &Request{Method: "POST", URI: "/a/b?c=d", Headers: []Header{{"Host", "x.test"}},
		Body: []byte(strings.Repeat("a line of text that goes on\n", 5000))}
	if v := e.Inspect(r); v.Limits != [LimitKinds]uint32{} || v.Uninspected != 0 {
		t.Errorf("limits met: %+v", v)
	}
}

// sameVerdict compares all but the tokens.
func sameVerdict(a, b *Verdict) bool {
	return a.Action == b.Action && a.Confidence == b.Confidence && a.Score == b.Score && a.Family == b.Family &&
		a.Location == b.Location && a.Window == b.Window && a.Uninspected == b.Uninspected && a.Limits == b.Limits &&
		len(a.Findings) == len(b.Findings)
}
