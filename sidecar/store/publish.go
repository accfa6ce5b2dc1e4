package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/sidecar/batch"
)

// The kinds of messages in the stream: their first byte.
const (
	kindBatch   = 'B'
	kindTick    = 'T'
	kindCommand = 'C'
)

// ErrFull says that no more observations are taken for now: disk or stream are
// full.
var ErrFull = errors.New("no room for observations")

// ackWait is how long an acknowledgment may take.
const ackWait = 4 * time.Second

// Publish stores a batch. When it returns without an error, the batch is safe;
// otherwise it may be sent again as it is. malformed is how many of its records
// were none and were left out.
func (s *Store) Publish(ctx context.Context, data []byte) (malformed int, err error) {
	id, records, err := batch.Parse(data)
	if err != nil {
		return 0, err
	}
	if s.full.Load() {
		s.counts.refused.Add(1)
		return 0, ErrFull
	}
	parts, malformed := s.split(id, records)
	futures := make([]jetstream.PubAckFuture, 0, len(parts))
	for n, payload := range parts {
		msg := &nats.Msg{Subject: subjectOf(n), Data: payload, Header: nats.Header{}}
		msg.Header.Set(jetstream.MsgIDHeader, fmt.Sprintf("%s-%d", id, n))
		f, err := s.js.PublishMsgAsync(msg)
		if err != nil {
			s.counts.refused.Add(1)
			return 0, fmt.Errorf("store observations: %w", err)
		}
		futures = append(futures, f)
	}
	late := time.NewTimer(max(ackWait, 5*s.cfg.Pulse))
	defer late.Stop()
	for _, f := range futures {
		select {
		case <-f.Ok():
		case err := <-f.Err():
			s.counts.refused.Add(1)
			return 0, s.refused(err)
		case <-late.C:
			// A server that could not write says so in its log only.
			s.broken.Store(s.embedded != nil)
			s.counts.refused.Add(1)
			return 0, fmt.Errorf("store observations: no answer in %v", ackWait)
		case <-ctx.Done():
			s.counts.refused.Add(1)
			return 0, fmt.Errorf("store observations: %w", ctx.Err())
		}
	}
	s.counts.batches.Add(1)
	s.counts.records.Add(uint64(len(records) - malformed))
	s.counts.malformed.Add(uint64(malformed))
	return malformed, nil
}

// split deals the records of a batch out to partitions. The same batch is
// always split the same way.
func (s *Store) split(id batch.ID, records [][]byte) (parts map[int][]byte, malformed int) {
	parts = make(map[int][]byte)
	var o profile.Observation
	for _, record := range records {
		if o.Parse(record) != nil {
			malformed++
			continue
		}
		asset := s.cfg.Learn.AssetOf(string(o.Host), string(o.Template))
		if asset == "" {
			continue // no application that is to be learned
		}
		if s.cfg.Admit != nil {
			params, indicators := len(o.Params), len(o.Indicators)
			if !s.cfg.Admit(&o) {
				continue
			}
			if len(o.Params) != params || len(o.Indicators) != indicators {
				record = encode(&o)
			}
		}
		n := s.partitionOf(asset)
		part := parts[n]
		if part == nil {
			own := id
			own[15] ^= byte(n)
			part = batch.Begin([]byte{kindBatch}, own)
		}
		parts[n] = batch.AppendRecord(part, record)
	}
	return parts, malformed
}

// encode writes an observation as a record.
func encode(o *profile.Observation) []byte {
	var params, indicators []byte
	for i := range o.Params {
		params = profile.AppendParam(params, o.Params[i].Location, &o.Params[i].Shape)
	}
	for i := range o.Indicators {
		indicators = profile.AppendIndicator(indicators, &o.Indicators[i])
	}
	return profile.AppendRecord(nil, o, params, len(o.Params), indicators, len(o.Indicators))
}

func (s *Store) partitionOf(asset string) int {
	return int(profile.Hash([]byte(asset)) % uint64(s.cfg.Partitions))
}

// maximumBytes is JetStream's error code for a stream that is full.
const maximumBytes = 10077

// refused says why the server did not take a message.
func (s *Store) refused(err error) error {
	var api *jetstream.APIError
	switch {
	case errors.As(err, &api) && api.ErrorCode == maximumBytes, errors.Is(err, nats.ErrNoResponders):
		return fmt.Errorf("%w: %w", ErrFull, err)
	case errors.As(err, &api) && s.embedded != nil:
		s.broken.Store(true) // it says so once and then for ever: start it again
	}
	return fmt.Errorf("store observations: %w", err)
}
