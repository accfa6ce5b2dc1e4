package agent

import (
	"sync"
	"time"

	"github.com/glacis-waf/glacis/gateway"
)

// bindings remember in which network an identity was first seen in a period: the
// identity's vote is that network's, wherever it comes from later. The memory is
// fixed; an identity that was pushed out is bound anew. Whatever happens here, a
// vote is always one of the networks that requests came from.
type bindings struct {
	mu   sync.Mutex
	slot [1 << 12]binding
}

// binding is free when the identity is 0. Identities of other periods never come
// again (profile.Sources.Identity).
type binding struct{ identity, vote uint64 }

func (b *bindings) bind(identity, vote uint64) uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := &b.slot[identity>>8%uint64(len(b.slot))]
	if s.identity != identity {
		*s = binding{identity, vote}
	}
	return s.vote
}

// Identified is Source for a client that has an identity (gateway.Identity.Find,
// "" for none): client is its address, and forwarded says that a proxy which is
// trusted has named it.
func (a *Agent) Identified(client string, forwarded bool, identity string) uint64 {
	s := a.sources.Load()
	if s == nil {
		return 0
	}
	now := time.Now().Unix()
	vote := s.Of(client, nil, now)
	if identity == "" || vote == 0 {
		return vote
	}
	named := s.Identity(identity, now)
	if a.cfg.Identity.Verified && forwarded {
		return named
	}
	return a.bound.bind(named, vote)
}

// Identity returns what the configuration says of identities.
func (a *Agent) Identity() gateway.Identity { return a.cfg.Identity }
