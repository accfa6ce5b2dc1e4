package evade

import (
	"slices"
	"testing"
)

const own = "testdata/attack_own.jsonl"

// TestSample draws every distinct value once: not the benign one, not the weak
// one, not the one whose value is not stated.
func TestSample(t *testing.T) {
	all, err := Sample(own, 1)
	if err != nil || len(all) != 15 {
		t.Fatalf("%d attacks, %v", len(all), err)
	}
	posts := 0
	values := map[string]Attack{}
	for _, a := range all {
		values[a.Value] = a
		if a.Post {
			posts++
		}
	}
	if len(values) != 15 || posts != 7 {
		t.Errorf("%d values, %d of them in forms", len(values), posts)
	}
	if a := values["9' or pin like '%"]; a.Family != "sqli" || a.ID != "own-uri" || a.File != "attack_own" {
		t.Errorf("%+v", a)
	}
	again, err := Sample(own, 1)
	if err != nil || !slices.Equal(all, again) {
		t.Errorf("the same seed gives another order, %v", err)
	}
	if other, _ := Sample(own, 2); slices.Equal(all, other) {
		t.Error("another seed gives the same order")
	}
	if _, err := Sample("testdata/none.jsonl", 1); err == nil {
		t.Error("a file that is not there: no error")
	}
}
