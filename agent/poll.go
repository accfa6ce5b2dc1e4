package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar/signing"
)

// report says every heartbeat that the agent is there; met is closed after the
// first time.
func (a *Agent) report(ctx context.Context, met chan struct{}) {
	first := sync.OnceFunc(func() { close(met) })
	wait := firstWait
	for !a.observations.over() || !a.events.over() {
		next := a.cfg.Heartbeat
		if err := a.hello(ctx); err == nil {
			first()
			wait = firstWait
		} else {
			a.counts.failed.Add(1)
			a.cfg.Log.Debug("sidecar is away", "error", err)
			next, wait = min(wait, next), min(2*wait, lastWait)
		}
		if !a.pause(ctx, next) {
			return
		}
	}
}

// pause waits, in pieces so that the end of the agent is noticed.
func (a *Agent) pause(ctx context.Context, d time.Duration) bool {
	for d > 0 {
		step := min(d, 100*time.Millisecond)
		select {
		case <-time.After(step):
		case <-ctx.Done():
			return false
		}
		if a.observations.over() && a.events.over() {
			return false
		}
		d -= step
	}
	return true
}

// hello reports once and takes over what the sidecar answers.
func (a *Agent) hello(ctx context.Context) error {
	r := Report{ID: a.id, Kind: a.cfg.Kind, Version: a.cfg.Version, Host: host(), Started: a.started,
		DroppedObservations: a.counts.observations.Load(), DroppedEvents: a.counts.events.Load()}
	if a.cfg.State != nil {
		s := a.cfg.State()
		r.Model, r.Policy, r.Mode, r.Requests, r.Blocks = s.Model, s.Policy, s.Mode, s.Requests, s.Blocks
		r.ModelType, r.ModelError, r.PolicyError = s.ModelType, gateway.Clip(s.ModelError, maxText), gateway.Clip(s.PolicyError, maxText)
		r.Updated, r.FailOpen, r.FailClosed, r.Failures = s.Updated, s.FailOpen, s.FailClosed, s.Failures
	}
	if p := a.profile.Load(); p != nil {
		r.Profile = p.Version()
	}
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	res, err := a.do(ctx, http.MethodPost, "/v1/agents", "application/json", body)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("report: %s", res.Status)
	}
	var w Welcome
	if err := json.NewDecoder(io.LimitReader(res.Body, 64<<10)).Decode(&w); err != nil || len(w.SourceKey) != 32 {
		return fmt.Errorf("report: no answer of a sidecar: %v", err)
	}
	s := &profile.Sources{Period: w.Period, Trusted: a.cfg.Trusted}
	copy(s.Key[:], w.SourceKey)
	if old := a.sources.Load(); old == nil || old.Key != s.Key || old.Period != s.Period {
		a.sources.Store(s)
	}
	if !a.pinned && a.profile.Load() == nil {
		return a.trust(w.PublicKey)
	}
	return nil
}

// trust believes the first key that the sidecar names, if none was given.
func (a *Agent) trust(text string) error {
	key, err := signing.ParsePublicKey(text)
	if err != nil {
		return err
	}
	a.offered.Store(&key)
	return nil
}

// poll fetches every new profile as soon as there is one.
func (a *Agent) poll(ctx context.Context, met chan struct{}) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	// What waits for a profile must not hold up the end.
	a.done.Go(func() {
		defer stop()
		for a.pause(ctx, time.Second) {
		}
	})
	select {
	case <-met:
	case <-ctx.Done():
		return
	}
	etag, wait := "", firstWait
	for ctx.Err() == nil {
		asked := time.Now()
		next, err := a.fetch(ctx, etag)
		if err == nil {
			if next == etag && time.Since(asked) < time.Second && !a.pause(ctx, time.Second) {
				return // a sidecar with many agents does not let all of them wait
			}
			etag, wait = next, firstWait
			continue
		}
		if ctx.Err() == nil {
			a.counts.failed.Add(1)
			a.cfg.Log.Debug("no profile", "error", err)
		}
		if !a.pause(ctx, wait) {
			return
		}
		wait = min(2*wait, lastWait)
	}
}

// waitSeconds is how long the sidecar lets a call for a profile wait.
const waitSeconds = 20

// fetch asks for another profile than the one with etag and puts it in force.
func (a *Agent) fetch(ctx context.Context, etag string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, (waitSeconds+30)*time.Second)
	defer cancel()
	res, err := a.Get(ctx, fmt.Sprintf("/v1/profile?wait=%d", waitSeconds), etag)
	if err != nil {
		return etag, err
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusNotModified, http.StatusNotFound:
		return etag, nil // it has waited
	case http.StatusOK:
	default:
		return etag, fmt.Errorf("get profile: %s", res.Status)
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, profile.MaxSnapshot+1))
	if err != nil {
		return etag, fmt.Errorf("get profile: %w", err)
	}
	key := a.key
	if offered := a.offered.Load(); !a.pinned && offered != nil {
		key = *offered
	}
	if err := key.Verify(data, res.Header.Get("Glacis-Signature")); err != nil {
		return etag, a.reject(err)
	}
	p, err := profile.Load(data)
	if err != nil {
		return etag, a.reject(err)
	}
	a.profile.Store(p)
	if a.cfg.Profile != nil {
		a.cfg.Profile(p)
	}
	a.cfg.Log.Debug("profile in force", "version", p.Version(), "params", p.Params())
	return res.Header.Get("ETag"), nil
}

func (a *Agent) reject(err error) error {
	a.counts.rejected.Add(1)
	a.cfg.Log.Error("profile refused", "error", err)
	return fmt.Errorf("get profile: %w", err)
}
