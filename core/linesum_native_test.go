package core

import (
	"fmt"
	"hash/maphash"
	"strings"
	"testing"
)

// TestLineSums checks that remembered lines change no verdict: one engine sees
// every line many times, between attacks and in any order, and each verdict is
// that of a new engine.
func TestLineSums(t *testing.T) {
	values := []string{"session=8f9a4cbd787f6c81; lang=en", "session=8f9a4cbd787f6c81; lang=' or 1=1 union select password from users--",
		"session=8f9a4cbd787f6c81; lang=eN", "https://shop.example/a?b=1", strings.Repeat("long ", 100), "gzip", "Bearer abc.def.ghi",
		"<script>alert(document.cookie)</script>", "", "x=" + strings.Repeat("%2525", 50), "a=1; a=2; __proto__[x]=1"}
	names := []string{"Cookie", "Referer", "X-Token", "Authorization", "Content-Encoding", "content-type", "cookie", "referer"}
	shared, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for round := range 3 {
		for i := range len(names) * len(values) {
			r := &Request{Method: "POST", URI: "/", Body: []byte("a=b"), Headers: []Header{
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

// TestLineSumsHit checks that a line is remembered at all, and one that differs
// in one byte, in name or value, is not taken for it.
func TestLineSumsHit(t *testing.T) {
	s, seed := new(lineSums), maphash.MakeSeed()
	slot, key := s.find(seed, "cookie", "a=b")
	*slot = lineSum{key: key}
	if again, k := s.find(seed, "cookie", "a=b"); again.key != k {
		t.Error("not found again")
	}
	for i := range 10_000 {
		if e, k := s.find(seed, "cookie", fmt.Sprint("a=", i)); e.key == k {
			t.Fatalf("a=%d is taken for a=b", i)
		}
		if e, k := s.find(seed, fmt.Sprint("cookie", i), "a=b"); e.key == k {
			t.Fatalf("cookie%d is taken for cookie", i)
		}
	}
	for _, name := range []string{"content-type", "Content-Encoding", "CONTENT-TYPE"} {
		if !aboutBody(name) {
			t.Errorf("%s would lose its effect", name)
		}
	}
}

// TestLineSumsOnce checks that lines that never come again do not drive out those
// that come with every request.
func TestLineSumsOnce(t *testing.T) {
	s, seed := new(lineSums), maphash.MakeSeed()
	ask := func(value string) (hit bool) {
		e, key := s.find(seed, "x", value)
		hit = e.key == key
		*e = lineSum{key: key, again: hit}
		return hit
	}
	const often, rounds = sumSlots / 4, 100
	lost := 0
	for _, page := range []string{"page", "next page"} { // what came before must not stay for ever
		for round := range rounds {
			for i := range often {
				if !ask(fmt.Sprint(page, i)) && round > rounds/2 {
					lost++
				}
			}
			for i := range often / 2 {
				ask(fmt.Sprint("once", page, round, i))
			}
		}
	}
	if most := rounds * often / 6; lost > most {
		t.Errorf("%d of %d were not recalled, more than %d", lost, rounds*often, most)
	}
}

// TestLineSumsLimits checks that remembered lines count against the limits.
func TestLineSumsLimits(t *testing.T) {
	e, err := New(Config{Limits: Limits{Values: 5}})
	if err != nil {
		t.Fatal(err)
	}
	r := &Request{Method: "GET", URI: "/"}
	for range 8 {
		r.Headers = append(r.Headers, Header{"Referer", "https://shop.example/"})
	}
	first, second := e.Inspect(r), e.Inspect(r)
	if first.Limits[LimitValues] == 0 || !sameVerdict(&first, &second) {
		t.Errorf("%+v, then %+v", first, second)
	}
}
