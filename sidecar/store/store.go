package store

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/glacis-waf/glacis/sidecar/learn"
)

// Store is one member. It is safe for concurrent use.
type Store struct {
	cfg       Config
	embedded  *embedded // nil with an external cluster
	nc        *nats.Conn
	js        jetstream.JetStream
	stream    jetstream.Stream
	manifests jetstream.KeyValue
	members   jetstream.KeyValue
	agents    jetstream.KeyValue
	states    jetstream.ObjectStore
	shared    shared

	mu         sync.Mutex
	partitions map[int]*partition
	view       view
	full       atomic.Bool
	broken     atomic.Bool // the server could not write
	revived    time.Time   // of pulse alone
	counts     counts
	cancel     context.CancelFunc
	done       sync.WaitGroup
}

// counts are since the start of the process.
type counts struct{ batches, records, malformed, refused, damaged atomic.Uint64 }

// Counts says what a member has done since it started.
type Counts struct {
	// Batches and Records were acknowledged; Malformed records were left out of
	// their batches, Refused batches were not taken.
	Batches, Records, Malformed, Refused uint64
	// Damaged is how many saved states could not be read.
	Damaged uint64
}

// Counts returns the counters.
func (s *Store) Counts() Counts {
	c := &s.counts
	return Counts{c.batches.Load(), c.records.Load(), c.malformed.Load(), c.refused.Load(), c.damaged.Load()}
}

// Open starts or joins the store. It returns when what was saved last can be
// read; partitions go on loading after that. Close ends it.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	if cfg.Dir != "" {
		if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
			return nil, fmt.Errorf("open store: %w", err)
		}
	}
	s := &Store{cfg: cfg, partitions: make(map[int]*partition)}
	s.view.changed = make(chan struct{})
	if cfg.URL == "" {
		if s.embedded, err = startEmbedded(cfg.Dir, cfg.Log); err != nil {
			return nil, err
		}
	}
	if err = s.dial(); err == nil {
		err = s.prepareSoon(ctx)
	}
	if err != nil {
		s.shut()
		return nil, fmt.Errorf("open store: %w", err)
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.cancel = cancel
	watching := make(chan struct{})
	s.done.Go(func() { s.watch(run, watching) })
	s.done.Go(func() { s.pulse(run) })
	select {
	case <-watching:
	case <-ctx.Done():
		s.Close()
		return nil, fmt.Errorf("open store: %w", ctx.Err())
	}
	return s, nil
}

// prepareSoon prepares, for a minute if need be: a cluster may still be
// electing.
func (s *Store) prepareSoon(ctx context.Context) error {
	limit, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		attempt, end := context.WithTimeout(limit, 10*time.Second)
		err := s.prepare(attempt)
		end()
		if err == nil || s.embedded != nil {
			return err
		}
		select {
		case <-limit.Done():
			return err
		case <-time.After(250 * time.Millisecond):
		}
	}
}

// pulse looks at members, clock and disk until ctx ends.
func (s *Store) pulse(ctx context.Context) {
	every := time.NewTicker(s.cfg.Pulse)
	defer every.Stop()
	for {
		if s.embedded != nil {
			if s.full.Store(s.embedded.free() < s.cfg.MinFree); !s.full.Load() {
				if err := s.embedded.revive(s.broken.Load() && s.rested()); err != nil {
					s.cfg.Log.Error("storage does not start", "error", err)
				}
			}
		}
		s.assign(ctx)
		s.tick(ctx)
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

// rested reports whether the server may be started again already, and notes that
// it is.
func (s *Store) rested() bool {
	if time.Since(s.revived) < 10*s.cfg.Pulse {
		return false
	}
	s.revived = time.Now()
	s.broken.Store(false)
	return true
}

// Close saves what was learned since the last window closed and ends the
// member.
func (s *Store) Close() {
	s.leave()
	s.cancel()
	s.mu.Lock()
	owned := make([]*partition, 0, len(s.partitions))
	for _, p := range s.partitions {
		owned = append(owned, p)
	}
	s.mu.Unlock()
	for _, p := range owned {
		p.end()
	}
	s.done.Wait()
	s.shut()
}

func (s *Store) shut() {
	if s.nc != nil {
		s.nc.Close()
	}
	if s.embedded != nil {
		s.embedded.close()
	}
}

// Learn returns the configuration of learning, defaults left out.
func (s *Store) Learn() learn.Config { return s.cfg.Learn }

// SourceKey is the secret by which all wrappers of this deployment hash
// sources (profile.Sources.Key).
func (s *Store) SourceKey() (key [32]byte) {
	copy(key[:], s.shared.Key)
	return key
}

// Ready reports whether observations are taken and all partitions of this
// member have been loaded.
func (s *Store) Ready() bool {
	if s.full.Load() || !s.nc.IsConnected() {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.partitions {
		if !p.ready.Load() {
			return false
		}
	}
	return true
}

// Period is how long the hash of a source stays the same
// (profile.Sources.Period).
func (s *Store) Period() time.Duration { return periodOf(s.cfg.Learn) }
