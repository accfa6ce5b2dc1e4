package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/gob"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/s2"

	"github.com/glacis-waf/glacis/core/profile"
)

// contentPrefix begins the names of the objects with the partitions' knowledge.
const contentPrefix = "content."

// view is the knowledge of all partitions put together.
type view struct {
	mu       sync.Mutex
	contents map[int]*profile.Content
	snapshot []byte
	version  string
	changed  chan struct{}
}

// Snapshot returns the profile that all members' knowledge amounts to, with its
// version; nil while nothing is known. changed is closed when there is another.
func (s *Store) Snapshot() (data []byte, version string, changed <-chan struct{}) {
	s.view.mu.Lock()
	defer s.view.mu.Unlock()
	return s.view.snapshot, s.view.version, s.view.changed
}

// watch keeps the view up to date until ctx ends; it closes first when what was
// there at the beginning is in.
func (s *Store) watch(ctx context.Context, first chan struct{}) {
	opened := sync.OnceFunc(func() { close(first) })
	for ctx.Err() == nil {
		if err := s.follow(ctx, opened); err != nil && ctx.Err() == nil {
			s.cfg.Log.Warn("knowledge cannot be followed", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(s.cfg.Pulse):
		}
	}
}

func (s *Store) follow(ctx context.Context, opened func()) error {
	w, err := s.states.Watch(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = w.Stop() }()
	starting := true
	every := time.NewTicker(30 * s.cfg.Pulse)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-every.C:
			return nil // a watch that went silent is made anew
		case info, ok := <-w.Updates():
			switch {
			case !ok:
				return nil
			case info == nil:
				starting = false
				s.merge()
				opened()
				continue
			case info.Deleted || !strings.HasPrefix(info.Name, contentPrefix):
				continue
			}
			s.fetch(ctx, info.Name)
			if !starting {
				s.merge()
			}
		}
	}
}

// fetch reads the knowledge of one partition. An object that is being replaced
// cannot be read for a moment.
func (s *Store) fetch(ctx context.Context, name string) {
	n, err := strconv.Atoi(strings.TrimPrefix(name, contentPrefix))
	if err != nil {
		return
	}
	for range 5 {
		var packed, data []byte
		if packed, err = s.states.GetBytes(ctx, name); err == nil {
			if data, err = s2.Decode(nil, packed); err == nil {
				var c profile.Content
				if err = gob.NewDecoder(bytes.NewReader(data)).Decode(&c); err == nil {
					s.view.mu.Lock()
					if s.view.contents == nil {
						s.view.contents = make(map[int]*profile.Content)
					}
					s.view.contents[n] = &c
					s.view.mu.Unlock()
					return
				}
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(s.cfg.Pulse / 10):
		}
	}
	s.counts.damaged.Add(1)
	s.cfg.Log.Error("knowledge cannot be read; the next window brings it again", "name", name, "error", err)
}

// merge puts the contents together. The same contents give the same bytes.
func (s *Store) merge() {
	s.view.mu.Lock()
	defer s.view.mu.Unlock()
	if len(s.view.contents) == 0 {
		return
	}
	var all profile.Content
	for _, c := range s.view.contents {
		all.Generation += c.Generation
		all.Created = max(all.Created, c.Created)
		all.Assets = append(all.Assets, c.Assets...)
		all.Nodes = append(all.Nodes, c.Nodes...)
		all.Params = append(all.Params, c.Params...)
	}
	slices.SortFunc(all.Assets, func(a, b profile.Asset) int { return cmp.Compare(a.Name, b.Name) })
	data, err := profile.Encode(&all)
	if err == nil && bytes.Equal(data, s.view.snapshot) {
		return
	}
	var p *profile.Profile
	if err == nil {
		p, err = profile.Load(data)
	}
	if err != nil {
		s.cfg.Log.Error("knowledge does not fit together", "error", err)
		return
	}
	s.view.snapshot, s.view.version = data, p.Version()
	close(s.view.changed)
	s.view.changed = make(chan struct{})
}
