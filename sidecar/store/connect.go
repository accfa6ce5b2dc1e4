package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// The names in JetStream.
const (
	streamName     = "GLACIS_OBSERVATIONS"
	subjectPrefix  = "glacis.observations."
	callPrefix     = "glacis.call."
	eventSubject   = "glacis.events"
	stateBucket    = "glacis_state"
	manifestBucket = "glacis_manifest"
	memberBucket   = "glacis_members"
	agentBucket    = "glacis_agents"
)

// agentTTL is how long an agent is listed after it was last heard of.
const agentTTL = 10 * time.Minute

// remembered is how long the ids of batches are: what is sent again later
// counts in another window.
const remembered = 10 * time.Minute

// dial connects to the server.
func (s *Store) dial() (err error) {
	log := s.cfg.Log
	options := []nats.Option{nats.Name("glacis " + s.cfg.Name), nats.MaxReconnects(-1), nats.ReconnectWait(200 * time.Millisecond),
		nats.Timeout(5 * time.Second), nats.ReconnectBufSize(-1),
		nats.ErrorHandler(func(_ *nats.Conn, sub *nats.Subscription, err error) { log.Debug("nats", "error", err) }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				log.Warn("storage is away", "error", err)
			}
		})}
	if s.embedded != nil {
		options = append(options, nats.InProcessServer(s.embedded))
	}
	if s.cfg.Credentials != "" {
		options = append(options, nats.UserCredentials(s.cfg.Credentials))
	}
	if s.cfg.CA != "" {
		options = append(options, nats.RootCAs(s.cfg.CA))
	}
	if s.cfg.Cert != "" {
		options = append(options, nats.ClientCert(s.cfg.Cert, s.cfg.Key))
	}
	if s.nc, err = nats.Connect(s.cfg.URL, options...); err != nil {
		return fmt.Errorf("connect to storage: %w", err)
	}
	s.js, err = jetstream.New(s.nc)
	return err
}

// prepare makes what is missing in JetStream. On a cluster that has just
// started this may take several attempts.
func (s *Store) prepare(ctx context.Context) error {
	subjects := make([]string, s.cfg.Partitions)
	for i := range subjects {
		subjects[i] = subjectOf(i)
	}
	var err error
	s.stream, err = s.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{Name: streamName, Subjects: subjects, Retention: jetstream.LimitsPolicy,
		Discard: jetstream.DiscardNew, MaxBytes: s.cfg.StreamBytes, MaxMsgSize: 1 << 20, Storage: jetstream.FileStorage, Replicas: s.cfg.Replicas,
		Duplicates: remembered, AllowDirect: true})
	if err != nil {
		return fmt.Errorf("prepare stream: %w", err)
	}
	kv := func(bucket string, ttl time.Duration, storage jetstream.StorageType) (out jetstream.KeyValue) {
		if err != nil {
			return nil
		}
		replicas := s.cfg.Replicas
		if out, err = s.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: bucket, TTL: ttl, Storage: storage, Replicas: replicas, MaxBytes: 32 << 20}); err != nil {
			err = fmt.Errorf("prepare %s: %w", bucket, err)
		}
		return out
	}
	s.manifests = kv(manifestBucket, 0, jetstream.FileStorage)
	s.members = kv(memberBucket, 10*s.cfg.Pulse, jetstream.MemoryStorage)
	s.agents = kv(agentBucket, agentTTL, jetstream.MemoryStorage)
	if err != nil {
		return err
	}
	s.states, err = s.js.CreateOrUpdateObjectStore(ctx, jetstream.ObjectStoreConfig{Bucket: stateBucket, Storage: jetstream.FileStorage, Replicas: s.cfg.Replicas})
	if err != nil {
		return fmt.Errorf("prepare %s: %w", stateBucket, err)
	}
	if err := s.share(ctx); err != nil {
		return err
	}
	if err := s.repair(ctx); err != nil {
		return fmt.Errorf("repair the stream: %w", err)
	}
	return s.begin(ctx)
}

// repair lets a stream that has lost messages, or is new because the old one
// was set aside, go on behind what the saved states hold: numbers that they
// know already would be taken for old.
func (s *Store) repair(ctx context.Context) error {
	last := uint64(0)
	for n := range s.cfg.Partitions {
		entry, err := s.manifests.Get(ctx, manifestKey(n))
		if errors.Is(err, jetstream.ErrKeyNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		var m manifest
		if json.Unmarshal(entry.Value(), &m) == nil && len(m.Saved) > 0 {
			last = max(last, m.Saved[0].Seq)
		}
	}
	info, err := s.stream.Info(ctx)
	if err != nil || info.State.LastSeq >= last {
		return err
	}
	s.cfg.Log.Error("observations were lost with damaged files; what was saved is there", "last", info.State.LastSeq, "saved", last)
	return s.stream.Purge(ctx, jetstream.WithPurgeSequence(last+1))
}

// begin opens the first window of every partition of a new stream, so that it is
// the clock's.
func (s *Store) begin(ctx context.Context) error {
	if info, err := s.stream.Info(ctx); err != nil || info.State.LastSeq > 0 {
		return err
	}
	seconds := int64(windowOf(s.cfg.Learn) / time.Second)
	for n := range s.cfg.Partitions {
		if _, err := s.js.PublishMsg(ctx, s.tickMessage(n, s.cfg.Now().Unix()/seconds)); err != nil {
			return fmt.Errorf("open the first window: %w", err)
		}
	}
	return nil
}

func subjectOf(partition int) string { return fmt.Sprintf("%s%d", subjectPrefix, partition) }

// shared is what all members have in common; the first one makes it.
type shared struct {
	Partitions int    `json:"partitions"`
	Key        []byte `json:"key"`
	Salt       uint64 `json:"salt"`
}

// share reads or makes what is common.
func (s *Store) share(ctx context.Context) error {
	mine := shared{Partitions: s.cfg.Partitions, Key: make([]byte, 32)}
	var salt [8]byte
	rand.Read(mine.Key) // never fails
	rand.Read(salt[:])
	for _, b := range salt {
		mine.Salt = mine.Salt<<8 | uint64(b)
	}
	if s.cfg.Learn.Salt != 0 {
		mine.Salt = s.cfg.Learn.Salt
	}
	data, err := json.Marshal(mine)
	if err != nil {
		return err
	}
	if _, err := s.manifests.Create(ctx, "shared", data); err != nil && !errors.Is(err, jetstream.ErrKeyExists) {
		return fmt.Errorf("prepare common settings: %w", err)
	}
	entry, err := s.manifests.Get(ctx, "shared")
	if err != nil {
		return fmt.Errorf("prepare common settings: %w", err)
	}
	if err := json.Unmarshal(entry.Value(), &s.shared); err != nil || len(s.shared.Key) != 32 {
		return fmt.Errorf("prepare common settings: damaged: %v", err)
	}
	if s.shared.Partitions != s.cfg.Partitions {
		return fmt.Errorf("prepare common settings: there are %d partitions, want %d: that cannot be changed", s.shared.Partitions, s.cfg.Partitions)
	}
	s.cfg.Learn.Salt = s.shared.Salt
	return nil
}
