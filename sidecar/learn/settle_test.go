package learn

import "testing"

func TestSettle(t *testing.T) {
	s := Suggestion{Asset: "shop", Method: "GET", Template: "/search", Location: "query.q", Indicators: []string{"0000000a", "0000000b"}}
	got := s.Settle(Decision{Action: Confirm, Who: "anna", Why: "titles", Expires: 7, Asset: "other", Indicator: "x"})
	want := Decision{Asset: "shop", Method: "GET", Template: "/search", Location: "query.q", Indicator: "0000000a", Action: Confirm, Who: "anna", Why: "titles", Expires: 7}
	if len(got) != 2 || got[0] != want || got[1].Indicator != "0000000b" {
		t.Errorf("%+v", got)
	}
}
