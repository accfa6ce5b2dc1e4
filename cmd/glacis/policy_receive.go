package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/policy"
)

// firstPolicy is how long a wrapper waits for the sidecar's policy before it
// serves without one.
const firstPolicy = 5 * time.Second

// receivePolicy keeps the sidecar's policy in force until ctx ends. It returns
// once the sidecar has answered for the first time, or after firstPolicy.
func receivePolicy(ctx context.Context, a *agent.Agent, h *policy.Holder, log *slog.Logger) {
	answered, last := make(chan struct{}), ""
	first := sync.OnceFunc(func() { close(answered) })
	say := func(err error) {
		defer first()
		text := ""
		if err != nil {
			text = err.Error()
		}
		if text == last {
			return
		}
		last = text
		if err != nil {
			log.Error("the sidecar's policy was not taken, the old one stays in force", "policy", h.Status().Policy, "error", err)
			return
		}
		log.Info("the sidecar's policy is current again", "policy", h.Status().Policy)
	}
	go a.FollowPolicy(ctx, func(compiled []byte) {
		err := h.Take(compiled)
		if compiled != nil && err == nil {
			last = ""
			log.Info("policy from the sidecar", "policy", h.Status().Policy, "warnings", len(h.Status().Warnings))
		}
		if compiled != nil || h.Status().Error == "" {
			say(err)
		}
	}, func(err error) {
		if errors.Is(err, agent.ErrNoPolicy) && h.Current() == nil {
			first() // there is nothing to wait for
			return
		}
		h.Missed(err)
		say(err)
	})
	select {
	case <-answered:
	case <-ctx.Done():
	case <-time.After(firstPolicy):
		log.Warn("the sidecar has sent no policy yet: serving without one", "waited", firstPolicy)
	}
}
