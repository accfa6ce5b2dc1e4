package traefik

import (
	"context"
	"strconv"
	"sync"

	"github.com/glacis-waf/glacis/core"
)

// shared is what routers with equal configurations share and what outlives a
// reload: an engine with its pool of transactions, a client with its
// connections and its breaker.
type shared struct {
	engine *core.Engine
	client *client
	users  int
}

var registry struct {
	sync.Mutex
	byKey map[string]*shared
}

// acquire returns the shared part for a configuration. It is given back when
// ctx ends: Traefik cancels the context of the old routers when it has made the
// new ones, so that a reload finds everything warm.
func acquire(ctx context.Context, o *options) (*shared, error) {
	s := &o.settings
	key := s.Confidence + " " + strconv.FormatInt(o.embedded, 10) + " " + strconv.FormatInt(s.MaxBodyBytes, 10) + " " + o.engine + " " + o.key()
	registry.Lock()
	defer registry.Unlock()
	if registry.byKey == nil {
		registry.byKey = map[string]*shared{}
	}
	found := registry.byKey[key]
	if found == nil {
		made, err := newShared(o)
		if err != nil {
			return nil, err
		}
		found = made
		registry.byKey[key] = found
	}
	found.users++
	if ctx.Done() != nil {
		go release(ctx, key)
	}
	return found, nil
}

// release gives a configuration back when ctx ends.
func release(ctx context.Context, key string) {
	<-ctx.Done()
	registry.Lock()
	defer registry.Unlock()
	found := registry.byKey[key]
	found.users--
	if found.users > 0 {
		return
	}
	delete(registry.byKey, key)
	if found.client != nil {
		found.client.http.CloseIdleConnections()
	}
}

// newShared makes an engine and a client as far as the configuration needs them.
func newShared(o *options) (*shared, error) {
	made := &shared{}
	if o.engine != engineSidecar {
		engine, err := newEngine(o)
		if err != nil {
			return nil, err
		}
		made.engine = engine
	}
	if o.base != "" && o.engine != engineEmbedded {
		made.client = newClient(o)
	}
	return made, nil
}

// newEngine makes an engine with the embedded model.
func newEngine(o *options) (*core.Engine, error) {
	level, _ := core.ParseConfidence(o.settings.Confidence)
	limits := core.DefaultLimits()
	limits.BodyBytes = o.embedded
	return core.New(core.Config{Confidence: level, Limits: limits, Interpreted: true})
}
