package inspection

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/models/shadow"
)

// Config configures a Service. Engine is required; the zero value of
// everything else stands for its default.
type Config struct {
	// Engine judges; it can be replaced later with SetEngine.
	Engine *core.Engine
	// Settings decide what follows from a verdict.
	Settings gateway.Settings
	// Timeout is how much time inspecting one request may take in total, not
	// counting waiting for its bytes; default 2 s. It is checked after every
	// block; beyond it Settings.FailMode applies.
	Timeout time.Duration
	// MaxInFlight is how many requests may be under inspection at a time;
	// default 1024. A request beyond it is not inspected: Settings.FailMode.
	MaxInFlight int
	// Events gets one JSON line per reported request (gateway.Event); nil for
	// none. One goroutine writes to it; when it cannot keep up, events are
	// dropped and counted. An *events.Outputs is used as it is and stays the
	// caller's to close, after Close.
	Events io.Writer
	// Log gets what is not about one request, and panics; default
	// slog.Default().
	Log *slog.Logger
	// Metrics counts; default is a fresh set.
	Metrics *Metrics
	// Agent takes part in learning; nil for not. It also gets the events with
	// findings, for those who look at the latest.
	Agent *agent.Agent
	// Recent gets these events in the place of an Agent, one JSON object; it must
	// not wait. nil for nobody.
	Recent func(line []byte)
	// Shadow lets a second model score beside; nil for none.
	Shadow *shadow.Shadow
}

// Service inspects requests. It is safe for concurrent use.
type Service struct {
	cfg    Config
	active atomic.Pointer[active]
	slots  chan struct{}
	// changing has engines replaced one at a time.
	changing sync.Mutex
	events   *sink
	// learned gives the engine what was learned.
	learned agent.Overlay
}

// active is what requests that begin are judged by.
type active struct {
	engine *core.Engine
	terms  *gateway.Terms // of the engine's policy
	rates  *gateway.Rates // likewise; they go on counting while it is the same
	// replaced is closed when another takes its place.
	replaced chan struct{}
}

// New checks the configuration and makes a Service. Close ends it.
func New(cfg Config) (*Service, error) {
	if cfg.Engine == nil {
		return nil, errors.New("inspection: an engine is required")
	}
	cfg.Settings = cfg.Settings.WithDefaults()
	if err := cfg.Settings.Check(); err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	if cfg.Timeout < 0 || cfg.MaxInFlight < 0 {
		return nil, errors.New("inspection: timeout and the number in flight must not be negative")
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 2 * time.Second
	}
	if cfg.MaxInFlight == 0 {
		cfg.MaxInFlight = 1024
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Metrics == nil {
		cfg.Metrics = NewMetrics()
	}
	s := &Service{cfg: cfg, slots: make(chan struct{}, cfg.MaxInFlight)}
	if cfg.Events != nil {
		s.events = newSink(cfg.Events, cfg.Metrics, cfg.Log)
	}
	s.learned.Agent = cfg.Agent
	if cfg.Shadow != nil {
		cfg.Shadow.Learn((&agent.Overlay{Agent: cfg.Agent}).Engine)
	}
	s.SetEngine(cfg.Engine)
	return s, nil
}

// SetEngine replaces the engine for the requests that begin from now on.
func (s *Service) SetEngine(e *core.Engine) {
	s.changing.Lock()
	defer s.changing.Unlock()
	old := s.active.Load()
	next := &active{engine: e, terms: gateway.NewTerms(e.Policy()), replaced: make(chan struct{})}
	if old != nil && old.engine.Policy() == e.Policy() {
		next.rates = old.rates
	} else {
		next.rates = gateway.NewRates(e.Policy(), rand.Uint64())
	}
	s.active.Store(next)
	if old != nil {
		close(old.replaced)
	}
	s.cfg.Metrics.SetModel(e.Model())
}

// Policy returns the policy in force, nil for none, and a channel that is closed
// when that may have changed.
func (s *Service) Policy() (*policy.Policy, <-chan struct{}) {
	a := s.active.Load()
	return a.engine.Policy(), a.replaced
}

// Engine returns the engine in force.
func (s *Service) Engine() *core.Engine { return s.active.Load().engine }

// Settings returns the settings, defaults filled in.
func (s *Service) Settings() gateway.Settings { return s.cfg.Settings }

// Metrics returns the metrics.
func (s *Service) Metrics() *Metrics { return s.cfg.Metrics }

// Close writes the events that wait. Inspections must have ended.
func (s *Service) Close() {
	if s.events != nil {
		s.events.close()
	}
}

// Off reports whether nothing is to be inspected.
func (s *Service) Off() bool { return s.cfg.Settings.Mode == gateway.Off }
