package learn

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/core/profile"
)

// open is a learner to which no assets are declared.
func open(t *testing.T, assets int) *site {
	t.Helper()
	s := newSite(t, Config{})
	l, err := New(Config{MaxAssets: assets, Salt: 12345})
	if err != nil {
		t.Fatal(err)
	}
	l.Advance(s.now)
	s.l = l
	return s
}

// visit sends a request for a host.
func (s *site) visit(host, address, path, param string) {
	shape := profile.ShapeOf([]byte("lamp"), classOf("lamp"))
	o := profile.Observation{Status: 2, Method: []byte("GET"), Host: []byte(host), Template: []byte(path), Source: s.sources.Of(address, nil, s.now)}
	s.records = append(s.records, profile.AppendRecord(nil, &o, profile.AppendParam(nil, []byte("query."+param), &shape), 1, nil, 0))
	if len(s.records) >= 100 {
		s.flush()
	}
}

func (s *site) names() []string {
	var out []string
	for _, a := range s.l.Status() {
		out = append(out, a.Name)
	}
	return out
}

// TestHostAdmission checks that two sources make no asset, and three do, from
// the next window on.
func TestHostAdmission(t *testing.T) {
	s := open(t, 8)
	for range 50 {
		for n := range 3 {
			s.visit("shop.test", user(n), "/search", "q")
		}
		s.visit("two.test", user(1), "/", "q")
		s.visit("two.test", user(2), "/", "q")
	}
	s.flush()
	if names := s.names(); len(names) != 0 {
		t.Errorf("before the window is closed: %q", names)
	}
	s.tick()
	if names := s.names(); len(names) != 1 || names[0] != "shop.test" {
		t.Errorf("after it: %q", names)
	}
	if c := s.l.Counts(); c.Unassigned != 250 || c.Records != 0 {
		t.Errorf("%+v", c)
	}
	for n := range 20 {
		s.visit("shop.test", user(n), "/search", "q")
	}
	s.tick()
	if e := s.l.Endpoints("shop.test"); len(e) != 1 {
		t.Errorf("learned: %+v", e)
	}
	s.now += 30 * day
	s.tick()
	s.tick()
	if names := s.names(); len(names) != 0 {
		t.Errorf("nobody asked for it for a month: %q", names)
	}
}

// TestMillionHosts lets a stranger send a million hosts, each with a new path
// and parameter: neither what is known nor the memory changes, and an
// application that comes after them is learned.
func TestMillionHosts(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	s, r := open(t, 4), rand.New(rand.NewPCG(4, 4))
	honest := func(host string) {
		for range 600 {
			s.visit(host, user(r.IntN(40)), "/search", "q")
		}
	}
	for range 4 {
		honest("shop.test")
		s.tick()
	}
	before, known := s.l.Status(), s.profile().Params()
	size, heap := len(s.l.AppendState(nil)), live()
	for window := range 4 {
		honest("shop.test")
		for i := range 250_000 {
			n := strconv.FormatUint(r.Uint64(), 36)
			s.visit(n+".test", "198.18.0."+strconv.Itoa(i%250), "/"+n, n)
		}
		if window > 0 {
			honest("late.test")
		}
		s.tick()
	}
	after := s.l.Status()
	if len(after) != 2 || after[0].Name != "late.test" || after[0].Endpoints == 0 {
		t.Fatalf("%+v", after)
	}
	if a, b := before[0], after[1]; a.Endpoints != b.Endpoints || a.Params != b.Params || a.Candidates != b.Candidates || s.profile().Params() < known {
		t.Errorf("before %+v, after %+v", a, b)
	}
	if more := len(s.l.AppendState(nil)) - size; more > 256<<10 {
		t.Errorf("the state has grown by %d bytes", more)
	}
	if more := live() - heap; more > 4<<20 {
		t.Errorf("the heap has grown by %d bytes", more)
	}
	if c := s.l.Counts(); c.Dropped < 900_000 {
		t.Errorf("nothing was counted: %+v", c)
	}
}

// live is how many bytes of the heap are in use.
func live() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestSquatters has three hostile networks take all the room first: those that
// more sources use get it all the same, and what an operator froze stays.
func TestSquatters(t *testing.T) {
	s, r := open(t, 4), rand.New(rand.NewPCG(4, 4))
	squat := func() {
		for host := range 12 {
			for n := range 3 {
				s.visit(fmt.Sprintf("squat%d.test", host), "198.18."+strconv.Itoa(n)+".1", "/", "q")
			}
		}
	}
	for range 3 {
		squat()
		s.tick()
	}
	if names := s.names(); len(names) != 4 {
		t.Fatalf("%q", names)
	}
	frozen := s.names()[0]
	if err := s.l.Freeze(frozen, true, "ann", s.now); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		squat()
		for i := range 900 {
			s.visit([]string{"a.test", "b.test", "c.test"}[i%3], user(r.IntN(40)), "/search", "q")
		}
		s.tick()
	}
	if got := fmt.Sprint(s.names()); got != "[a.test b.test c.test "+frozen+"]" {
		t.Errorf("%s", got)
	}
	if c := s.l.Counts(); c.Evicted < 3 {
		t.Errorf("not counted: %+v", c)
	}
}

// TestHostOrder checks that the hosts that are admitted depend on no order, no
// repetition and no division of batches, with far more than there is room for.
func TestHostOrder(t *testing.T) {
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 78))
		var windows [][]Batch
		s := open(t, 4)
		for w := range 3 {
			var list []Batch
			for i := range 20 {
				s.records = nil
				for range 90 {
					host := []string{"a.test", "b.test", "c.test", "x" + strconv.Itoa(r.IntN(4000)) + ".test"}[r.IntN(4)]
					s.visit(host, user(r.IntN(12)), "/search", "q")
				}
				b := Batch{Records: s.records}
				binary.LittleEndian.PutUint64(b.ID[:], uint64(w*100+i+1))
				list = append(list, b)
			}
			windows = append(windows, list)
		}
		play := func(apply func(*Learner, []Batch)) []byte {
			s := open(t, 4)
			for _, batches := range windows {
				apply(s.l, batches)
				s.now += int64(s.l.cfg.Window / time.Second)
				s.l.Advance(s.now)
			}
			if names := s.names(); len(names) < 3 || names[0] != "a.test" {
				t.Fatalf("%q", names)
			}
			data, err := s.l.Snapshot(1)
			if err != nil {
				t.Fatal(err)
			}
			return data
		}
		want := play(func(l *Learner, batches []Batch) {
			for i := range batches {
				l.Apply(&batches[i])
			}
		})
		for name, apply := range map[string]func(*Learner, []Batch){
			"shuffled and repeated": func(l *Learner, batches []Batch) {
				for _, i := range r.Perm(len(batches)) {
					l.Apply(&batches[i])
					l.Apply(&batches[r.IntN(len(batches))])
				}
			},
			"divided": func(l *Learner, batches []Batch) { divide(l, batches, r) },
		} {
			if !bytes.Equal(want, play(apply)) {
				t.Fatalf("seed %d: %s batches give another snapshot", seed, name)
			}
		}
	}
}

// TestHostState checks that candidates survive a restart.
func TestHostState(t *testing.T) {
	s := open(t, 4)
	s.visit("shop.test", user(1), "/", "q")
	s.visit("shop.test", user(2), "/", "q")
	for i := range 4000 {
		s.visit(strconv.Itoa(i)+".test", user(9), "/", "q")
	}
	s.flush()
	back := open(t, 4)
	if err := back.l.LoadState(s.l.AppendState(nil)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(back.l.AppendState(nil), s.l.AppendState(nil)) {
		t.Error("the same state, other bytes")
	}
	for _, x := range []*site{s, back} {
		x.visit("shop.test", user(3), "/", "q")
		x.tick()
		if names := x.names(); len(names) == 0 || names[len(names)-1] != "shop.test" {
			t.Errorf("%q", names)
		}
	}
}
