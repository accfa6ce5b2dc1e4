package agent

import (
	"context"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/sidecar/signing"
)

// Agent is the client of one wrapper. It is safe for concurrent use.
type Agent struct {
	cfg     Config
	http    *http.Client
	base    string
	id      string
	started time.Time
	sources atomic.Pointer[profile.Sources]
	profile atomic.Pointer[profile.Profile]
	key     signing.PublicKey
	pinned  bool
	offered atomic.Pointer[signing.PublicKey]

	bound        bindings
	observations buffer
	events       buffer
	counts       struct{ observations, events, sent, failed, rejected atomic.Uint64 }
	cancel       context.CancelFunc
	done         sync.WaitGroup
}

// Counts says what became of what a wrapper handed over.
type Counts struct {
	// Sent batches arrived. DroppedObservations and DroppedEvents found no room,
	// or were not wanted by the sidecar.
	Sent, DroppedObservations, DroppedEvents uint64
	// Failed calls are those that the sidecar did not answer or not well;
	// Rejected profiles had no good signature or were damaged.
	Failed, Rejected uint64
}

// Start checks the configuration and starts an agent. The sidecar need not be
// there yet. Close ends it.
func Start(cfg Config) (*Agent, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	a := &Agent{cfg: cfg, id: newID(cfg.Kind), started: time.Now().UTC().Truncate(time.Second)}
	if a.http, a.base, err = cfg.client(); err != nil {
		return nil, err
	}
	if a.key, a.pinned, err = cfg.pinned(); err != nil {
		return nil, err
	}
	a.observations.init(cfg.BufferBytes)
	a.events.init(cfg.BufferBytes)
	ctx, cancel := context.WithCancel(context.Background())
	a.cancel = cancel
	met := make(chan struct{})
	a.done.Go(func() { a.report(ctx, met) })
	a.done.Go(func() { a.poll(ctx, met) })
	a.done.Go(func() { a.sendObservations(ctx) })
	a.done.Go(func() { a.sendEvents(ctx) })
	return a, nil
}

// Source returns the vote of a request's source (profile.Sources.Of), 0 before
// the sidecar has been met.
func (a *Agent) Source(peer string, forwarded []string) uint64 {
	s := a.sources.Load()
	if s == nil {
		return 0
	}
	return s.Of(peer, forwarded, time.Now().Unix())
}

// Observe takes the record of a request (core.Transaction.AppendObservation);
// it may be reused afterwards. An empty one is ignored.
func (a *Agent) Observe(record []byte) {
	if len(record) > 0 && !a.observations.add(record) {
		a.counts.observations.Add(1)
	}
}

// Event takes an event, one JSON object without a line end; it may be reused
// afterwards.
func (a *Agent) Event(line []byte) {
	if !a.events.add(line) {
		a.counts.events.Add(1)
	}
}

// Profile returns the profile in force, nil if there is none yet.
func (a *Agent) Profile() *profile.Profile { return a.profile.Load() }

// Counts returns the counters.
func (a *Agent) Counts() Counts {
	c := &a.counts
	return Counts{Sent: c.sent.Load(), DroppedObservations: c.observations.Load(), DroppedEvents: c.events.Load(), Failed: c.failed.Load(), Rejected: c.rejected.Load()}
}

// Close sends what waits, for two seconds at most, and ends the agent.
func (a *Agent) Close() {
	a.observations.close()
	a.events.close()
	ended := make(chan struct{})
	time.AfterFunc(2*time.Second, a.cancel)
	go func() {
		a.done.Wait()
		close(ended)
	}()
	<-ended
	a.cancel()
	a.http.CloseIdleConnections()
}

// host names the machine in reports.
func host() string {
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	return name
}
