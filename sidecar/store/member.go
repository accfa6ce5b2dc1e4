package store

import (
	"context"
	"errors"
	"slices"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/glacis-waf/glacis/core/profile"
)

// assign takes over the partitions that are this member's now and lets go of
// the others.
func (s *Store) assign(ctx context.Context) {
	live, ok := s.live(ctx)
	if !ok || ctx.Err() != nil {
		return // who cannot see the others leaves all as it is
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, owner := range owners(live, s.cfg.Partitions) {
		p, mine := s.partitions[n], owner == s.cfg.Name
		switch {
		case mine && p == nil:
			p = newPartition(s, n)
			s.partitions[n] = p
			s.done.Go(p.run)
		case !mine && p != nil:
			delete(s.partitions, n)
			s.done.Go(p.end)
		}
	}
}

// live says that this member lives and lists all that do.
func (s *Store) live(ctx context.Context) ([]string, bool) {
	if s.embedded != nil {
		return []string{s.cfg.Name}, true
	}
	limit, cancel := context.WithTimeout(ctx, 5*s.cfg.Pulse)
	defer cancel()
	if _, err := s.members.Put(limit, s.cfg.Name, nil); err != nil {
		return nil, false
	}
	names, err := s.members.Keys(limit)
	if err != nil && !errors.Is(err, jetstream.ErrNoKeysFound) {
		return nil, false
	}
	return names, slices.Contains(names, s.cfg.Name)
}

// leave says that this member goes.
func (s *Store) leave() {
	if s.embedded != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.cfg.Pulse)
	defer cancel()
	if err := s.members.Purge(ctx, s.cfg.Name); err != nil {
		s.cfg.Log.Debug("leave", "error", err)
	}
}

// owners deals the partitions out: to each the member that it likes best
// (rendezvous hashing, Thaler and Ravishankar 1998) of those that have not got
// their share yet, so that no member has more than one partition more than it
// must. Whoever knows the same members, in whatever order, deals alike; when one
// goes or comes, few partitions change hands.
func owners(members []string, partitions int) []string {
	out, has := make([]string, partitions), make(map[string]int)
	for n := range out {
		top := uint64(0)
		for _, name := range members {
			if has[name]*len(members) >= partitions {
				continue
			}
			if h := profile.Mix(profile.Hash([]byte(name)), uint64(n)+1); out[n] == "" || h > top || h == top && name > out[n] {
				out[n], top = name, h
			}
		}
		has[out[n]]++
	}
	return out
}

// Members lists the sidecars that share the work.
func (s *Store) Members(ctx context.Context) []string {
	names, _ := s.live(ctx)
	slices.Sort(names)
	return names
}
