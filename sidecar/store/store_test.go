package store

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/sidecar/learn"
)

// What is learned comes out as a profile, and is there after a restart.
func TestLearnAndRestart(t *testing.T) {
	dir, c := t.TempDir(), newClock()
	s := open(t, undeclared(dir, c))
	for i := range 4 {
		for n := range 5 {
			publish(t, s, makeBatch(10*i+n, 200, 3))
		}
		closeWindow(t, c, s)
	}
	before := settled(t, s)
	p, err := profile.Load(before)
	if err != nil || p.Params() != 3 {
		t.Fatal(p, err)
	}
	publish(t, s, makeBatch(100, 100, 3)) // of a window that is not closed yet
	applied(t, s)
	s.Close()
	s = open(t, undeclared(dir, c))
	defer s.Close()
	if after, _, _ := s.Snapshot(); !bytes.Equal(after, before) {
		t.Error("another snapshot after a restart")
	}
	closeWindow(t, c, s)
	var all []learn.AssetStatus
	status(t, s, &all)
	if len(all) != 3 || all[0].Maturity.Level < learn.Forming {
		t.Errorf("%+v", all)
	}
	if _, err := Open(t.Context(), undeclared(dir, c)); err == nil || !strings.Contains(err.Error(), "in use by another process") {
		t.Error(err)
	}
}

// The order, repetition and sharing out of batches make no difference.
func TestOrderDoesNotMatter(t *testing.T) {
	var want []byte
	start := newClock().Now()
	for round := range 3 {
		c, r := &clock{now: start}, rand.New(rand.NewPCG(uint64(round), 1))
		cfg := settings(t.TempDir(), c)
		cfg.Learn.Salt = 1
		s := open(t, cfg)
		for w := range 3 {
			order := r.Perm(12)
			for _, n := range order {
				publish(t, s, makeBatch(100*w+n, 60, 4))
				if r.IntN(2) == 0 {
					publish(t, s, makeBatch(100*w+order[0], 60, 4)) // again
				}
			}
			closeWindow(t, c, s)
		}
		got := settled(t, s)
		if round > 0 && !bytes.Equal(got, want) {
			t.Errorf("round %d: another snapshot", round)
		}
		want = got
		s.Close()
	}
}

func TestConfig(t *testing.T) {
	for want, cfg := range map[string]Config{
		"a directory or the URL": {},
		"replicas":               {Dir: "x", Replicas: 3},
		"partitions":             {Dir: "x", Partitions: 1000},
		"stream bytes":           {Dir: "x", StreamBytes: 1},
		"window":                 {Dir: "x", Learn: learn.Config{Window: 1}},
	} {
		if _, err := Open(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	dir, c := t.TempDir(), newClock()
	open(t, settings(dir, c)).Close()
	other := settings(dir, c)
	other.Partitions = 3
	if _, err := Open(t.Context(), other); err == nil || !strings.Contains(err.Error(), "there are 8 partitions") {
		t.Error(err)
	}
}
