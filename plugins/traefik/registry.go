package traefik

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"
)

var errNoPolicy = errors.New("there is no policy in it any more")

// shared is what routers with equal configurations share and what outlives a
// reload: an engine with its pool of transactions, a client with its
// connections and its breaker.
type shared struct {
	client *client
	users  int
	// link is the embedded engine's client: for the policy and for what mirror
	// shows. Both are nil without a need.
	link   *client
	mirror *mirror

	mu    sync.Mutex
	rules *rules
	fixed bool          // the rules never change
	done  chan struct{} // ends goroutines; nil if there are none
	// theirs is the sidecar's policy, compared says that it is known.
	theirs   string
	compared bool
	// trouble is what was wrong with the policy when it was read last.
	trouble string
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
	key := s.Confidence + " " + strconv.FormatInt(o.embedded, 10) + " " + strconv.FormatInt(s.MaxBodyBytes, 10) + " " + o.engine + " " + o.key() + " " + o.origin.key() + " " + strconv.FormatInt(o.sample, 10)
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
	if found.done != nil {
		close(found.done)
	}
	if found.client != nil {
		found.client.close()
	}
	if found.link != nil {
		found.link.close()
	}
}

// newShared makes rules and a client as far as the configuration needs them.
func newShared(o *options) (*shared, error) {
	var link *client
	text := ""
	if o.origin.remote || o.sample > 0 {
		link = newClient(o)
		o.origin.client = link
	}
	if !o.origin.remote { // which must not keep a router waiting
		loaded, err := o.origin.load()
		if err != nil {
			return nil, err
		}
		text = loaded
	}
	first, err := newRules(o, text, time.Now())
	if err != nil {
		return nil, err
	}
	made := &shared{rules: first, link: link}
	if o.base != "" && o.engine != engineEmbedded {
		made.client = newClient(o)
	}
	p := first.policy
	watched := o.origin.remote || p != nil && (o.origin.file != "" || !p.NextExpiry().IsZero())
	if watched || o.sample > 0 {
		made.done = make(chan struct{})
	}
	made.fixed = !watched
	if watched {
		go made.watch(o, made.done)
	}
	if o.sample > 0 {
		made.mirror = newMirror(link, uint32(o.sample))
		go made.mirror.run(made.done)
	}
	return made, nil
}
