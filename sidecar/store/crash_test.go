package store

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// childDir makes the test binary a process that publishes until it is killed.
const childDir = "GLACIS_STORE_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		child(dir)
	}
	os.Exit(m.Run())
}

// batchRecords is how many records a batch of the child has.
const batchRecords = 50

// child publishes batches from the given number on and says on standard output
// when it begins one and when one is acknowledged. Its clock runs 600 times as
// fast, so that it saves a state every 100 ms.
func child(dir string) {
	first, _ := strconv.Atoi(os.Getenv("GLACIS_STORE_FIRST"))
	start := time.Now()
	cfg := settings(dir, nil)
	cfg.Now = func() time.Time { return start.Add(600 * time.Since(start)) }
	s, err := Open(context.Background(), cfg)
	if err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
	for n := first; ; n++ {
		fmt.Println("begin", n)
		if _, err := s.Publish(context.Background(), makeBatch(n, batchRecords, 6)); err == nil {
			fmt.Println("ack", n)
		}
	}
}

// storm lets a child publish for a while and kills it; it returns the numbers
// of the batches that were begun and acknowledged.
func storm(t *testing.T, dir string, first int, life time.Duration) (begun, acked []int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, "GLACIS_STORE_FIRST="+strconv.Itoa(first))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines, killed := bufio.NewScanner(out), false
	for lines.Scan() {
		var what string
		var n int
		if _, err := fmt.Sscan(lines.Text(), &what, &n); err != nil {
			t.Fatal(lines.Text())
		}
		if what == "ack" {
			acked = append(acked, n)
		} else {
			begun = append(begun, n)
		}
		if len(begun) == 1 && !killed {
			killed = true
			time.AfterFunc(life, func() { cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait() // it was killed
	return begun, acked
}

// records is how many observations the learners of a store have applied.
func (s *Store) records() (n int) {
	for _, p := range s.owned() {
		n += int(p.learner.Counts().Records)
	}
	return n
}

// Whenever the process is killed, what was acknowledged is there afterwards, and
// counted once.
func TestKill(t *testing.T) {
	dir, r := t.TempDir(), rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	begun, acked := 0, 0
	for range 4 {
		b, a := storm(t, dir, begun, time.Duration(100+r.IntN(900))*time.Millisecond)
		begun, acked = begun+len(b), acked+len(a)
	}
	if acked < 20 {
		t.Fatalf("only %d batches were acknowledged", acked)
	}
	s := open(t, settings(dir, newClock()))
	defer s.Close()
	applied(t, s)
	found := s.records()
	if found < acked*batchRecords || found > begun*batchRecords {
		t.Errorf("%d observations, want %d to %d", found, acked*batchRecords, begun*batchRecords)
	}
	t.Logf("%d batches begun, %d acknowledged, %d observations found", begun, acked, found)
}

// taught is a store with two saved states, closed, and how many observations
// are in it.
func taught(t *testing.T, dir string, c *clock) (records int, latest []byte) {
	t.Helper()
	s := open(t, settings(dir, c))
	for i := range 3 {
		publish(t, s, makeBatch(i, 100, 1))
		closeWindow(t, c, s)
	}
	publish(t, s, makeBatch(9, 100, 1))
	applied(t, s)
	s.Close()
	for _, p := range s.partitions {
		if p.learner.Counts().Records > 0 {
			again := open(t, settings(dir, c))
			data, err := again.states.GetBytes(t.Context(), p.manifest.Saved[0].Object)
			again.Close()
			if err != nil || len(p.manifest.Saved) != keepStates {
				t.Fatal(err, p.manifest)
			}
			return 400, data
		}
	}
	t.Fatal("nobody has learned anything")
	return 0, nil
}

// A damaged state is reported and set aside; the one before and the stream hold
// the same knowledge.
func TestTornState(t *testing.T) {
	dir, c := t.TempDir(), newClock()
	want, state := taught(t, dir, c)
	files, err := filepath.Glob(filepath.Join(dir, "nats/jetstream/$G/streams/OBJ_"+stateBucket+"/msgs/*.blk"))
	if err != nil {
		t.Fatal(err)
	}
	bent := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if i := bytes.Index(data, state); i >= 0 {
			data[i+len(state)/2] ^= 1
			bent++
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if bent == 0 {
		t.Fatal("the state is in no file")
	}
	s := open(t, settings(dir, c))
	defer s.Close()
	applied(t, s)
	if got := s.records(); got != want || s.Counts().Damaged == 0 {
		t.Errorf("%d observations, want %d; %+v", got, want, s.Counts())
	}
}

// A stream that cannot be loaded is set aside, and learning goes on from what
// was saved.
func TestTornStream(t *testing.T) {
	dir, c := t.TempDir(), newClock()
	want, _ := taught(t, dir, c)
	folder := filepath.Join(dir, "nats/jetstream/$G/streams", streamName)
	if err := os.WriteFile(filepath.Join(folder, "meta.inf"), []byte("{torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, settings(dir, c))
	defer s.Close()
	if aside, err := os.ReadDir(filepath.Join(dir, "damaged")); err != nil || len(aside) != 1 || !strings.HasPrefix(aside[0].Name(), streamName) {
		t.Error(aside, err)
	}
	publish(t, s, makeBatch(20, 100, 1))
	eventually(t, "new observations count", func() bool { return s.records() == want+100 })
}

// What is published to a full disk is refused before the server fails.
func TestMinFree(t *testing.T) {
	cfg := settings(t.TempDir(), newClock())
	cfg.MinFree = 1 << 60
	s := open(t, cfg)
	defer s.Close()
	eventually(t, "the disk was looked at", s.full.Load)
	if _, err := s.Publish(t.Context(), makeBatch(1, 10, 1)); !errors.Is(err, ErrFull) || s.Ready() {
		t.Error(err)
	}
}
