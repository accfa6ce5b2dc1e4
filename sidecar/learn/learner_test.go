package learn

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/core/profile"
)

// TestMature checks the promise: 20 independent sources in 500 requests are
// enough after two windows, and not earlier; 10 sources are not.
func TestMature(t *testing.T) {
	s, r := newSite(t, Config{}), rand.New(rand.NewPCG(1, 9))
	s.crowd(r, 250, 20)
	s.tick()
	if e := s.l.Endpoints("shop"); len(e) != 1 || e[0].Maturity.Level == Settled || !strings.Contains(e[0].Maturity.Missing, "1 of 2 windows") {
		t.Errorf("after one window: %+v", e)
	}
	s.crowd(r, 250, 20)
	s.tick()
	if e := s.l.Endpoints("shop"); e[0].Maturity.Level != Settled || e[0].Maturity.Missing != "" {
		t.Errorf("after two windows: %+v", e[0])
	}
	p := s.profile()
	w := p.Place([]byte("shop.test"), []byte("GET"), []byte("/search"))
	if !w.Mature() {
		t.Error("the profile does not say so")
	}
	few := newSite(t, Config{})
	for range 5 {
		few.crowd(r, 500, 10)
		few.tick()
	}
	if e := few.l.Endpoints("shop"); e[0].Maturity.Level == Settled || !strings.Contains(e[0].Maturity.Missing, "of 20 independent sources") {
		t.Errorf("ten sources: %+v", e[0])
	}
}

// TestOrder is the property on which everything else rests: whatever the order,
// the repetition and the division of batches among learners, joining gives the
// same snapshot, byte for byte.
func TestOrder(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 77))
		windows := batches(t, r)
		want := replay(t, windows, func(l *Learner, batches []Batch) {
			for i := range batches {
				l.Apply(&batches[i])
			}
		})
		shuffled := replay(t, windows, func(l *Learner, batches []Batch) {
			for _, i := range r.Perm(len(batches)) {
				l.Apply(&batches[i])
				l.Apply(&batches[r.IntN(len(batches))])
			}
		})
		if !bytes.Equal(want, shuffled) {
			t.Fatalf("seed %d: shuffled and repeated batches give another snapshot", seed)
		}
		split := replay(t, windows, func(l *Learner, batches []Batch) { divide(l, batches, r) })
		if !bytes.Equal(want, split) {
			t.Fatalf("seed %d: divided batches give another snapshot", seed)
		}
	}
}

// divide has several learners of the same state take parts of the batches, some
// of them twice, and joins their deltas in any order, some of them twice.
func divide(l *Learner, batches []Batch, r *rand.Rand) {
	const learners = 3
	deltas := make([]*Delta, learners)
	for n := range deltas {
		for i := range batches {
			if i%learners == n || r.IntN(4) == 0 {
				l.Apply(&batches[i])
			}
		}
		deltas[n] = l.Delta() // the next learner starts with the same state
	}
	for _, n := range append(r.Perm(learners), r.IntN(learners)) {
		l.Join(deltas[n])
	}
}

// batches makes some windows of random traffic.
func batches(t *testing.T, r *rand.Rand) [][]Batch {
	s := newSite(t, Config{})
	var windows [][]Batch
	id := uint64(0)
	for range 5 {
		var list []Batch
		for range 8 {
			var b Batch
			id++
			binary.LittleEndian.PutUint64(b.ID[:], id)
			for range 60 {
				n := strconv.Itoa(r.IntN(40))
				q := request{address: user(r.IntN(40)), path: []string{"/search", "/user/name" + n + "x", "/item/" + n}[r.IntN(3)],
					param: "p" + strconv.Itoa(r.IntN(5)), value: []string{"lamp", n, "red shoes", "<b>" + n}[r.IntN(4)]}
				if r.IntN(5) == 0 {
					q.tokens, q.level = []string{"' or", n}, uint8(1+r.IntN(3))
				}
				b.Records = append(b.Records, s.record(q))
			}
			list = append(list, b)
		}
		windows = append(windows, list)
	}
	return windows
}

func replay(t *testing.T, windows [][]Batch, apply func(*Learner, []Batch)) []byte {
	s := newSite(t, Config{})
	for _, batches := range windows {
		apply(s.l, batches)
		s.tick()
	}
	data, err := s.l.Snapshot(1)
	if err != nil {
		t.Fatal(err)
	}
	if p, _ := profile.Load(data); p.Params() < 5 {
		t.Fatalf("only %d parameters were learned: the test says nothing", p.Params())
	}
	return data
}

// TestTemplates checks that many names become a variable, and that words which
// everybody visits keep their endpoint.
func TestTemplates(t *testing.T) {
	s, r := newSite(t, Config{}), rand.New(rand.NewPCG(5, 5))
	for range 4 {
		for i := range 600 {
			path := "/user/" + string(rune('a'+r.IntN(26))) + string(rune('a'+r.IntN(26))) + string(rune('a'+r.IntN(26)))
			if i%3 == 0 {
				path = "/user/me"
			}
			s.send(request{address: user(r.IntN(60)), path: path, param: "tab", value: "x"})
		}
		s.tick()
	}
	var got []string
	for _, e := range s.l.Endpoints("shop") {
		got = append(got, e.Template)
	}
	if strings.Join(got, " ") != "/user/me /user/{name}" {
		t.Errorf("templates %v", got)
	}
	p := s.profile()
	for path, want := range map[string]bool{"/user/me": true, "/user/zoe": true, "/users/zoe": false} {
		w := p.Place([]byte("shop.test"), []byte("GET"), []byte(path))
		if w.Mature() != want {
			t.Errorf("%s: mature %t", path, w.Mature())
		}
	}
}

// TestDrift checks that a new version of the application is learned, that what
// it no longer has is forgotten, and that freezing stops both.
func TestDrift(t *testing.T) {
	s, r := newSite(t, Config{Window: time.Hour, Keep: 2}), rand.New(rand.NewPCG(6, 6))
	for range 3 {
		s.crowd(r, 600, 40)
		s.tick()
	}
	if err := s.l.Freeze("shop", true, "ci", s.now); err != nil {
		t.Fatal(err)
	}
	frozen := s.profile().Params()
	for range 24 * 4 {
		for range 40 {
			s.send(request{address: user(r.IntN(40)), path: "/v2/search", param: "text", value: "lamp"})
		}
		s.tick()
	}
	if p := s.profile(); p.Params() != frozen || !known(p, "/search") || known(p, "/v2/search") {
		t.Error("a frozen asset changed")
	}
	if err := s.l.Freeze("shop", false, "ci", s.now); err != nil {
		t.Fatal(err)
	}
	if p := s.profile(); known(p, "/search") || !known(p, "/v2/search") {
		t.Error("the new version is not known, or the old one still is")
	}
	if s.l.Freeze("none", true, "x", 0) == nil || s.l.Relearn("none", "x", 0) == nil {
		t.Error("an unknown asset was accepted")
	}
	if err := s.l.Relearn("shop", "ops", s.now); err != nil {
		t.Fatal(err)
	}
	p := s.profile()
	if w := p.Place([]byte("shop.test"), []byte("GET"), []byte("/v2/search")); w.Mature() {
		t.Error("relearning left the endpoint mature")
	}
	if a := s.l.Audit(); len(a) != 3 || a[0].What != "freeze" || a[2].Who != "ops" {
		t.Errorf("audit %+v", a)
	}
}

func known(p *profile.Profile, path string) bool {
	w := p.Place([]byte("shop.test"), []byte("GET"), []byte(path))
	return w.Mature()
}

// TestClock checks that a clock which goes back changes nothing.
func TestClock(t *testing.T) {
	s := newSite(t, Config{})
	s.tick()
	if s.l.Advance(s.now - 7200) {
		t.Error("a window was closed by going back")
	}
}

// TestMalformed checks that a bad record is counted and the rest is used.
func TestMalformed(t *testing.T) {
	s := newSite(t, Config{})
	s.l.Apply(&Batch{Records: [][]byte{{1, 2, 3}, s.record(request{address: user(1), path: "/"})}})
	if c := s.l.Counts(); c.Malformed != 1 || c.Records != 1 {
		t.Errorf("%+v", c)
	}
}
