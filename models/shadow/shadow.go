package shadow

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/glacis-waf/glacis/core"
)

// Config configures a Shadow. The zero value of a field stands for its default.
type Config struct {
	// Sample is the share of the requests that are compared, above 0 to 1;
	// default 0.1. Negative is an error.
	Sample float64
	// MaxBytes is how long a request may be, line, headers and body together,
	// to be compared; default 128 KiB.
	MaxBytes int
	// Queue is how many requests may wait for a worker; default 64. MaxBytes ×
	// (Queue + Workers) bounds the memory of those that wait; those that are
	// still arriving come on top, Copies at a time; default 64.
	Queue, Copies int
	// Workers is how many requests are inspected at a time; default 1.
	Workers int
	// Log gets a record for every difference, at most DifferencesPerMinute;
	// default slog.Default().
	Log *slog.Logger
}

func (c Config) withDefaults() (Config, error) {
	if c.Sample < 0 || c.Sample > 1 || c.Sample != c.Sample {
		return c, errors.New("shadow: the sample is a share, 0 to 1")
	}
	if c.MaxBytes < 0 || c.Queue < 0 || c.Copies < 0 || c.Workers < 0 {
		return c, errors.New("shadow: bounds must not be negative")
	}
	set := func(n *int, value int) {
		if *n == 0 {
			*n = value
		}
	}
	if c.Sample == 0 {
		c.Sample = 0.1
	}
	set(&c.MaxBytes, 128<<10)
	set(&c.Queue, 64)
	set(&c.Copies, 64)
	set(&c.Workers, 1)
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c, nil
}

// Shadow compares. It is safe for concurrent use.
type Shadow struct {
	cfg    Config
	engine atomic.Pointer[core.Engine]
	// learned gives an engine what was learned.
	learned atomic.Pointer[func(*core.Engine) *core.Engine]
	queue   chan *Copy
	copies  chan struct{}
	tally   *tally
}

// New makes a Shadow without an engine, which compares nothing.
func New(cfg Config) (*Shadow, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	return &Shadow{cfg: cfg, queue: make(chan *Copy, cfg.Queue), copies: make(chan struct{}, cfg.Copies), tally: newTally(cfg.Log)}, nil
}

// SetEngine replaces the engine; nil ends comparing. The engine must not share a
// policy with the one in force: exceptions would count their hits twice.
func (s *Shadow) SetEngine(e *core.Engine) { s.engine.Store(e) }

// Learn has both models judged with what was learned: f returns the engine to use
// in the place of another, as agent.Overlay.Engine does. Otherwise what learning
// changes about the verdict in force would count as a difference.
func (s *Shadow) Learn(f func(*core.Engine) *core.Engine) { s.learned.Store(&f) }

// Run works until ctx ends.
func (s *Shadow) Run(ctx context.Context) {
	var wait sync.WaitGroup
	for range s.cfg.Workers {
		wait.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case c := <-s.queue:
					s.compare(c)
				}
			}
		})
	}
	wait.Wait()
}

// Report returns what was found so far.
func (s *Shadow) Report() Report {
	r := s.tally.report()
	if e := s.engine.Load(); e != nil {
		r.Model = e.Model()
	}
	return r
}

// Begin starts the copy of a request; nil, on which every method may be called,
// if it is not in the sample. s may be nil.
func (s *Shadow) Begin() *Copy {
	if s == nil || s.engine.Load() == nil || rand.Float64() >= s.cfg.Sample {
		return nil
	}
	s.tally.sampled.Add(1)
	select {
	case s.copies <- struct{}{}:
		return &Copy{shadow: s, left: s.cfg.MaxBytes}
	default:
		s.tally.dropped.Add(1)
		return nil
	}
}

// compare inspects a copy. The engine is that of now: it may have changed since
// the copy began, as the one in force may.
func (s *Shadow) compare(c *Copy) {
	e := s.engine.Load()
	if e == nil {
		return
	}
	defer func() {
		if p := recover(); p != nil {
			s.tally.failed.Add(1)
			s.cfg.Log.Error("the shadow model's engine panicked", slog.Any("panic", p))
		}
	}()
	if f := s.learned.Load(); f != nil {
		e = (*f)(e)
	}
	v := e.Inspect(&c.request)
	s.tally.add(c.id, &c.verdict, &v)
}
