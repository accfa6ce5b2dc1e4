package core

import "testing"

// TestMemoLimits checks that remembered lines count against the limits.
func TestMemoLimits(t *testing.T) {
	e, err := New(Config{Limits: Limits{Values: 5}})
	if err != nil {
		t.Fatal(err)
	}
	r := &Request{Method: "GET", URI: "/"}
	for i := 0; i < 8; i++ {
		r.Headers = append(r.Headers, Header{"Accept", "text/plain"})
	}
	first := e.Inspect(r)
	second := e.Inspect(r)
	if first.Limits[LimitValues] == 0 || !sameVerdict(&first, &second) {
		t.Errorf("%+v, then %+v", first, second)
	}
}

// TestMemorable checks that credentials are never kept.
func TestMemorable(t *testing.T) {
	for _, name := range []string{"Authorization", "authorization", "Cookie", "Proxy-Authorization", "X-Api-Key", "X-CSRF-Token", "Referer", ""} {
		if memorable(name) {
			t.Errorf("%q is kept", name)
		}
	}
}
