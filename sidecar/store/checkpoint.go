package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/klauspost/compress/s2"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/glacis-waf/glacis/sidecar/learn"
)

// manifest names the saved states of a partition, the latest first.
type manifest struct {
	Saved []saved `json:"saved"`
}

// saved is one state.
type saved struct {
	// Seq is the last message in it.
	Seq    uint64 `json:"seq"`
	Object string `json:"object"`
	SHA256 []byte `json:"sha256"`
}

// keepStates is how many states are kept.
const keepStates = 2

// maxState bounds what a state may be when unpacked.
const maxState = 2 << 30

// errStale says that another member has gone further: what this one has is of
// no use.
var errStale = errors.New("another member has saved a later state")

func manifestKey(partition int) string { return "partition." + strconv.Itoa(partition) }

func (p *partition) key() string { return manifestKey(p.n) }

// load makes the learner from the latest state that can be read.
func (p *partition) load() error {
	p.manifest, p.revision, p.seq, p.unsaved = manifest{}, 0, 0, 0
	entry, err := p.s.manifests.Get(p.ctx, p.key())
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
	case err != nil:
		return fmt.Errorf("read manifest: %w", err)
	default:
		p.revision = entry.Revision()
		if err := json.Unmarshal(entry.Value(), &p.manifest); err != nil {
			p.s.damaged("manifest "+p.key(), entry.Value(), err)
			p.manifest = manifest{}
		}
	}
	if p.learner, err = learn.New(p.config()); err != nil {
		return err
	}
	for _, state := range p.manifest.Saved {
		data, err := p.s.states.GetBytes(p.ctx, state.Object)
		if err != nil && p.ctx.Err() != nil || !p.s.nc.IsConnected() {
			return fmt.Errorf("read state: %w", err)
		}
		if err == nil {
			err = p.restore(data, state.SHA256)
		}
		if err == nil {
			p.seq = state.Seq
			p.saw(p.learner.Window())
			return nil
		}
		p.s.damaged(state.Object, data, err)
	}
	if len(p.manifest.Saved) > 0 {
		p.s.cfg.Log.Error("no saved state can be read: learning begins with what the stream has", "partition", p.n)
	}
	return nil
}

// restore checks and unpacks a state.
func (p *partition) restore(data, sum []byte) error {
	if got := sha256.Sum256(data); !bytes.Equal(got[:], sum) {
		return errors.New("checksum does not match")
	}
	if n, err := s2.DecodedLen(data); err != nil || n > maxState {
		return errors.New("not a packed state")
	}
	state, err := s2.Decode(nil, data)
	if err != nil {
		return err
	}
	return p.learner.LoadState(state)
}

// damaged reports what cannot be read and keeps it for a look.
func (s *Store) damaged(name string, data []byte, err error) {
	s.counts.damaged.Add(1)
	to := ""
	if s.cfg.Dir != "" && len(data) > 0 {
		to = filepath.Join(s.cfg.Dir, "damaged", filepath.Base(name)+"-"+stamp())
		if e := errors.Join(os.MkdirAll(filepath.Dir(to), 0o700), os.WriteFile(to, data, 0o600)); e != nil {
			s.cfg.Log.Warn("damaged data cannot be set aside", "error", e)
			to = ""
		}
	}
	s.cfg.Log.Error("damaged data", "name", name, "error", err, "set_aside", to)
}

// save writes the state and what it amounts to, and lets the stream forget what
// both kept states hold.
func (p *partition) save(ctx context.Context) error {
	state := s2.Encode(nil, p.learner.AppendState(nil))
	sum := sha256.Sum256(state)
	now := saved{Seq: p.seq, Object: fmt.Sprintf("%s.%d.%s", p.key(), p.seq, p.s.cfg.Name), SHA256: sum[:]}
	if _, err := p.s.states.PutBytes(ctx, now.Object, state); err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	next := manifest{Saved: []saved{now}}
	var old []saved
	for _, x := range p.manifest.Saved {
		if x.Object == now.Object {
			continue
		}
		if len(next.Saved) < keepStates {
			next.Saved = append(next.Saved, x)
		} else {
			old = append(old, x)
		}
	}
	data, err := json.Marshal(next)
	if err != nil {
		return err
	}
	revision, err := p.s.manifests.Update(ctx, p.key(), data, p.revision)
	if err != nil {
		if errors.Is(err, jetstream.ErrKeyExists) {
			err = errors.Join(errStale, p.s.states.Delete(ctx, now.Object))
		}
		return fmt.Errorf("save state: %w", err)
	}
	p.manifest, p.revision, p.unsaved = next, revision, 0
	return p.publishContent(ctx, old)
}

// publishContent makes the new knowledge known, and removes what is not needed
// any more.
func (p *partition) publishContent(ctx context.Context, old []saved) error {
	var content bytes.Buffer
	if err := gob.NewEncoder(&content).Encode(p.learner.Content(p.now())); err != nil {
		return fmt.Errorf("save knowledge: %w", err)
	}
	if _, err := p.s.states.PutBytes(ctx, contentPrefix+strconv.Itoa(p.n), s2.Encode(nil, content.Bytes())); err != nil {
		return fmt.Errorf("save knowledge: %w", err)
	}
	for _, x := range old {
		if err := p.s.states.Delete(ctx, x.Object); err != nil {
			p.s.cfg.Log.Debug("delete old state", "error", err)
		}
	}
	if last := len(p.manifest.Saved) - 1; last == keepStates-1 {
		err := p.s.stream.Purge(ctx, jetstream.WithPurgeSubject(subjectOf(p.n)), jetstream.WithPurgeSequence(p.manifest.Saved[last].Seq+1))
		if err != nil {
			p.s.cfg.Log.Warn("stream not shortened", "partition", p.n, "error", err)
		}
	}
	return nil
}
