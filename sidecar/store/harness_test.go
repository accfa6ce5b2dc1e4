package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/sidecar/batch"
	"github.com/glacis-waf/glacis/sidecar/learn"
)

// clock is a clock that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Now().Truncate(time.Hour)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// quiet is a log for tests; GLACIS_LOG=1 shows it.
func quiet() *slog.Logger {
	if os.Getenv("GLACIS_LOG") != "" {
		return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	return slog.New(slog.NewTextHandler(io.Discard, nil))
}

const window = time.Minute

// settings is a configuration that matures quickly.
func settings(dir string, c *clock) Config {
	return Config{Dir: dir, Now: c.Now, Pulse: 50 * time.Millisecond, Log: quiet(),
		Learn: learn.Config{Window: window, Requests: 40, Sources: 10, Assets: shops(12)}}
}

// undeclared is settings without assets: every host that is asked for often
// enough is one, from the next window on.
func undeclared(dir string, c *clock) Config {
	cfg := settings(dir, c)
	cfg.Learn.Assets = nil
	return cfg
}

// shops declares the assets of makeBatch.
func shops(n int) (out []learn.AssetRule) {
	for i := range n {
		name := fmt.Sprintf("shop%d.test", i)
		out = append(out, learn.AssetRule{Name: name, Host: name})
	}
	return out
}

func open(t testing.TB, cfg Config) *Store {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	s, err := Open(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// record is one observation of an asset.
func record(asset string, source, n int) []byte {
	o := profile.Observation{Status: 2, Method: []byte("GET"), Host: []byte(asset), Template: []byte("/search"), Source: profile.Mix(uint64(source)+1, 99) | 1}
	shape := profile.Shape{Type: profile.Word, Length: 3, Hash: uint32(n % 5)}
	return profile.AppendRecord(nil, &o, profile.AppendParam(nil, []byte("query.q"), &shape), 1, nil, 0)
}

// makeBatch makes batch number n: observations of assets by random sources.
func makeBatch(n, records, assets int) []byte {
	var id batch.ID
	r := rand.New(rand.NewPCG(uint64(n), 5))
	binary.LittleEndian.PutUint64(id[:], r.Uint64())
	binary.LittleEndian.PutUint64(id[8:], uint64(n)+1)
	data := batch.Begin(nil, id)
	for i := range records {
		data = batch.AppendRecord(data, record(fmt.Sprintf("shop%d.test", r.IntN(assets)), r.IntN(60), i))
	}
	return data
}

func publish(t testing.TB, s *Store, data []byte) {
	t.Helper()
	if bad, err := s.Publish(t.Context(), data); err != nil || bad != 0 {
		t.Fatal(bad, err)
	}
}

// eventually waits for something that does not depend on speed.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for range 2400 {
		if ok() {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("never came: " + what)
}

// applied waits until the stores together have every partition and have applied
// all that is in the stream.
func applied(t testing.TB, stores ...*Store) {
	t.Helper()
	eventually(t, "all applied", func() bool {
		n := 0
		for _, s := range stores {
			for _, p := range s.owned() {
				last, err := s.stream.GetLastMsgForSubject(t.Context(), subjectOf(p.n))
				if errors.Is(err, jetstream.ErrMsgNotFound) && p.ready.Load() || err == nil && p.applied.Load() >= last.Sequence {
					n++
				}
			}
		}
		return n == stores[0].cfg.Partitions
	})
}

func (s *Store) owned() []*partition {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Values(s.partitions))
}

// closeWindow moves the clock to the next window and waits until all partitions
// that have begun are there, and saved.
func closeWindow(t testing.TB, c *clock, stores ...*Store) {
	t.Helper()
	applied(t, stores...)
	c.add(window)
	next := c.Now().Unix() / int64(window.Seconds())
	eventually(t, "windows closed", func() bool {
		for _, s := range stores {
			for _, p := range s.owned() {
				if w := p.window.Load(); w != 0 && w < next {
					return false
				}
			}
		}
		return true
	})
	applied(t, stores...)
}

// settled waits until all stores show the same snapshot and returns it.
func settled(t testing.TB, stores ...*Store) (data []byte) {
	t.Helper()
	sum := func() (n uint64) {
		for _, s := range stores {
			for _, p := range s.owned() {
				n += p.learner.Content(0).Generation
			}
		}
		return n
	}
	eventually(t, "the same snapshot everywhere", func() bool {
		data, _, _ = stores[0].Snapshot()
		if p, err := profile.Load(data); err != nil || p.Generation() != sum() {
			return false
		}
		for _, s := range stores {
			if other, _, _ := s.Snapshot(); !bytes.Equal(data, other) {
				return false
			}
		}
		return true
	})
	return data
}
