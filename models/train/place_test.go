package train

import (
	"testing"

	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/walk"
)

// TestPlaces has headers in which honest requests score as high as attacks in
// the query do: without offsets no threshold tells them apart.
func TestPlaces(t *testing.T) {
	r := &Result{Tables: &model.Tables{}, Set: NewSet()}
	add := func(file string, attack bool, loc walk.Loc, score int32) {
		s := Scores{}
		for l := range s {
			s[l] = model.Clean
		}
		s[loc] = score
		r.Set.Examples = append(r.Set.Examples, Example{File: file, Attack: attack})
		r.Scores = append(r.Scores, s)
	}
	for i := range 1000 {
		add("benign_har", false, walk.Header, int32(i%60))
		add("benign_har", false, walk.Query, int32(i%60)-60)
		add("attack_a", true, walk.Query, int32(i%50)+5)
	}
	levels := r.places()
	off := levels[0]
	if off[walk.Header] < off[walk.Query]+48 {
		t.Errorf("offsets %v: header and query differ by less than 2 nats", off)
	}
	for l, x := range off {
		if x < -placeLimit || x > placeLimit {
			t.Errorf("offset %d of place %d", x, l)
		}
	}
	if again := r.places(); again != levels {
		t.Errorf("%v, then %v", levels, again)
	}
	p := r.scored()
	p.rates = [2]float64{0.03, 0.01}
	var none Offsets
	if before, after := p.balanced(&none), p.balanced(&off); after < before+1 {
		t.Errorf("balanced accuracy %f without offsets, %f with them", before, after)
	}
}

// TestPlacesGivenUp has cookies of one site that outscore every attack there, and
// by so much that a small step gains nothing: the search has to begin beyond.
func TestPlacesGivenUp(t *testing.T) {
	p := &scored{headline: make([]Scores, 1000), tops: make([]int, 1000)}
	for i := range p.headline {
		p.headline[i][walk.Query] = int32(i % 10)
		if i < 50 {
			p.headline[i][walk.Cookie] = 100
		}
	}
	attack := make([]Scores, 100)
	for i := range attack {
		attack[i][walk.Query] = int32(10 + i%2)
	}
	p.attack, p.benign = [][]Scores{attack}, [][]Scores{p.headline}
	off := p.search(0.01)
	if off[walk.Cookie]-off[walk.Query] < 90 {
		t.Errorf("offsets %v do not give up cookies", off)
	}
}

// TestNoPlaces: without attacks, or without honest requests, there is nothing
// to choose by.
func TestNoPlaces(t *testing.T) {
	r := byHand()
	r.Set.Examples, r.Scores = r.Set.Examples[:6], r.Scores[:6]
	var none [model.Levels]Offsets
	if off := r.places(); off != none {
		t.Errorf("offsets %v", off)
	}
}

func TestTopBy(t *testing.T) {
	s := Scores{5, 9, -3, 0, 0, 0, 2}
	off := Offsets{0, 10, -20, 0, 0, 0, 1}
	if n := s.topBy(&Offsets{}); n != 9 {
		t.Errorf("%d without offsets", n)
	}
	if n := s.topBy(&off); n != 17 {
		t.Errorf("%d with offsets", n)
	}
}
