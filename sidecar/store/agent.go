package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// maxAgent bounds what is kept of one agent.
const maxAgent = 4096

// PutAgent keeps what an agent said of itself for ten minutes. id has letters,
// digits, '-' and '_' only.
func (s *Store) PutAgent(ctx context.Context, id string, about json.RawMessage) error {
	if len(about) > maxAgent {
		return fmt.Errorf("agent: more than %d bytes", maxAgent)
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, err := s.agents.Put(ctx, id, about)
	return err
}

// Agents lists what the agents of all members have said lately.
func (s *Store) Agents(ctx context.Context) ([]json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	w, err := s.agents.WatchAll(ctx, jetstream.IgnoreDeletes())
	if errors.Is(err, jetstream.ErrNoKeysFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = w.Stop() }()
	var out []json.RawMessage
	for {
		select {
		case e := <-w.Updates():
			if e == nil {
				return out, nil
			}
			out = append(out, e.Value())
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// SendEvents hands events, one JSON object a line, to all members. They are not
// kept: who is away misses them.
func (s *Store) SendEvents(lines []byte) error { return s.nc.Publish(eventSubject, lines) }

// ReceiveEvents calls take with what all members send, this one included,
// one call at a time, until the store is closed. lost tells how many calls of
// SendEvents found no room because take was too slow.
func (s *Store) ReceiveEvents(take func(lines []byte)) (lost func() uint64, err error) {
	sub, err := s.nc.Subscribe(eventSubject, func(m *nats.Msg) { take(m.Data) })
	if err != nil {
		return nil, err
	}
	lost = func() uint64 {
		n, err := sub.Dropped()
		if err != nil {
			return 0 // closed
		}
		return uint64(n)
	}
	return lost, sub.SetPendingLimits(4096, 16<<20)
}
