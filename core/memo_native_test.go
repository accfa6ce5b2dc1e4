package core

import (
	"strings"
	"testing"
)

// TestMemo checks that remembering lines changes no verdict: every request
// twice with one engine, against a new engine each, in every order of pairs
// whose lines share a slot.
func TestMemo(t *testing.T) {
	values := []string{"*/*", "text/html;q=0.9", "text/html;q=0.8", "' or 1=1 union select password from users--",
		"<script>alert(1)</script>", "x", "a", "", strings.Repeat("long ", 60), "en-US,en;q=0.9", "\"q\";v=\"1\"", "..%2f..%2fetc/passwd"}
	names := []string{"Accept", "User-Agent", "accept", "X-Other", "Cookie", "Origin"}
	shared, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for round := 0; round < 2; round++ {
		for i := 0; i < len(names)*len(values); i++ {
			r := &Request{Method: "GET", URI: "/", Headers: []Header{
				{names[i%len(names)], values[i/len(names)]}, {names[(i+round)%len(names)], values[(i*5+round)%len(values)]}}}
			alone, err := New(Config{})
			if err != nil {
				t.Fatal(err)
			}
			want := alone.Inspect(r)
			if got := shared.Inspect(r); !sameVerdict(&got, &want) {
				t.Errorf("%v: %+v, without memory %+v", r.Headers, got, want)
			}
		}
	}
}
