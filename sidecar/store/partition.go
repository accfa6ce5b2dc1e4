package store

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/glacis-waf/glacis/sidecar/batch"
	"github.com/glacis-waf/glacis/sidecar/learn"
)

// saveAfter is how many observations a state is behind at most before it is
// saved in the middle of a window.
const saveAfter = 500_000

// partition is a part of the work while it is this member's. One goroutine
// applies its messages.
type partition struct {
	s       *Store
	n       int
	learner *learn.Learner
	cancel  context.CancelFunc
	ctx     context.Context
	done    chan struct{}

	// ready says that all that was in the stream at the beginning is applied.
	ready atomic.Bool
	// window is the learner's, since when in Unix nanoseconds of this process's
	// clock; see tick.
	window atomic.Int64
	since  atomic.Pointer[time.Time]
	// applied is the last message whose consequences are drawn.
	applied atomic.Uint64

	// Of the goroutine alone.
	seq      uint64
	head     uint64
	unsaved  int
	manifest manifest
	revision uint64

	mu      sync.Mutex
	results map[string]chan error
}

func newPartition(s *Store, n int) *partition {
	p := &partition{s: s, n: n, done: make(chan struct{}), results: make(map[string]chan error)}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p
}

// end saves and stops the work.
func (p *partition) end() {
	p.cancel()
	<-p.done
}

// run works until end; after an error it begins anew from what was saved.
func (p *partition) run() {
	defer close(p.done)
	for p.ctx.Err() == nil {
		if err := p.session(); err != nil && p.ctx.Err() == nil {
			p.s.cfg.Log.Warn("learning is interrupted", "partition", p.n, "error", err)
			select {
			case <-p.ctx.Done():
			case <-time.After(p.s.cfg.Pulse / 2):
			}
		}
		p.ready.Store(false)
	}
}

// config is that of the learner: the assets of this partition.
func (p *partition) config() learn.Config {
	cfg := p.s.cfg.Learn
	cfg.MaxAssets = max(8, 2*cfg.MaxAssets/p.s.cfg.Partitions)
	cfg.Assets = nil
	for _, rule := range p.s.cfg.Learn.Assets {
		if p.s.partitionOf(rule.Name) == p.n {
			cfg.Assets = append(cfg.Assets, rule)
		}
	}
	return cfg
}

// session loads what was saved and applies what followed.
func (p *partition) session() error {
	if err := p.load(); err != nil {
		return err
	}
	calls, err := p.serve()
	if err != nil {
		return fmt.Errorf("answer calls: %w", err)
	}
	defer func() { _ = calls.Unsubscribe() }() // the connection may be gone
	p.head = 0
	if last, err := p.s.stream.GetLastMsgForSubject(p.ctx, subjectOf(p.n)); err == nil {
		p.head = last.Sequence
	} else if !errors.Is(err, jetstream.ErrMsgNotFound) {
		return fmt.Errorf("find the end of the stream: %w", err)
	}
	p.applied.Store(p.seq)
	p.ready.Store(p.seq >= p.head)
	consumer, err := p.s.js.OrderedConsumer(p.ctx, streamName, jetstream.OrderedConsumerConfig{FilterSubjects: []string{subjectOf(p.n)},
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: p.seq + 1})
	if err != nil {
		return fmt.Errorf("read the stream: %w", err)
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(64))
	if err != nil {
		return fmt.Errorf("read the stream: %w", err)
	}
	stop := context.AfterFunc(p.ctx, messages.Stop)
	defer func() {
		stop()
		messages.Stop()
	}()
	for {
		msg, err := messages.Next()
		if errors.Is(err, jetstream.ErrMsgIteratorClosed) {
			return p.leave()
		}
		if err != nil {
			return fmt.Errorf("read the stream: %w", err)
		}
		if err := p.apply(msg); err != nil {
			return err
		}
	}
}

// leave saves for the last time, if there is anything new.
func (p *partition) leave() error {
	if p.unsaved == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := p.save(ctx); err != nil && !errors.Is(err, errStale) {
		p.s.cfg.Log.Warn("state not saved, the stream still has it", "partition", p.n, "error", err)
	}
	return nil
}

// apply applies one message. What it does depends on nothing but the state and
// the message.
func (p *partition) apply(msg jetstream.Msg) error {
	meta, err := msg.Metadata()
	if err != nil {
		return fmt.Errorf("read the stream: %w", err)
	}
	if meta.Sequence.Stream <= p.seq {
		return nil
	}
	data, closed := msg.Data(), false
	if p.learner.Window() == 0 && len(data) > 0 && data[0] != kindTick {
		p.learner.Advance(meta.Timestamp.Unix())
	}
	switch {
	case len(data) == 0:
	case data[0] == kindBatch:
		if id, records, err := batch.Parse(data[1:]); err == nil {
			p.learner.Apply(&learn.Batch{ID: id, Records: records})
			p.unsaved += len(records)
		}
	case data[0] == kindTick && len(data) == 9:
		closed = p.learner.Advance(int64(binary.LittleEndian.Uint64(data[1:])))
		p.unsaved++
	case data[0] == kindCommand:
		p.command(data[1:], msg.Headers().Get(jetstream.MsgIDHeader))
		p.unsaved, closed = p.unsaved+1, true
	}
	p.seq = meta.Sequence.Stream
	p.saw(p.learner.Window())
	if !p.ready.Load() && p.seq >= p.head {
		p.ready.Store(true)
	}
	if closed || p.unsaved > saveAfter {
		if err := p.save(p.ctx); err != nil {
			return err
		}
	}
	p.applied.Store(p.seq)
	return nil
}

// saw notes the window at hand and since when.
func (p *partition) saw(window int64) {
	if p.since.Load() == nil || p.window.Load() != window {
		now := p.s.cfg.Now()
		p.window.Store(window)
		p.since.Store(&now)
	}
}

// command applies what an operator decided and tells who waits for it.
func (p *partition) command(data []byte, id string) {
	var c Call
	err := json.Unmarshal(data, &c)
	if err == nil {
		err = c.change(p.learner)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if waits := p.results[id]; waits != nil {
		waits <- err // has room for one
		delete(p.results, id)
	}
}

// tick closes the window at hand when it is time to.
//
// A clock that jumps ahead moves learning by at most one period for every
// window that really passes, so that a jump which is put right in time costs
// little; while a clock is behind, windows close by the time that passes.
func (s *Store) tick(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, p := range s.partitions {
		since := p.since.Load()
		if !p.ready.Load() || since == nil {
			continue
		}
		span, now, window := windowOf(s.cfg.Learn), s.cfg.Now(), p.window.Load()
		next := nextWindow(window, now.Unix()/int64(span/time.Second), int64(periodOf(s.cfg.Learn)/span), now.Sub(*since) >= span)
		if next == window {
			continue
		}
		if _, err := s.js.PublishMsgAsync(s.tickMessage(n, next)); err != nil && ctx.Err() == nil {
			s.cfg.Log.Warn("window cannot be closed", "partition", n, "error", err)
		}
	}
}

// tickMessage is the message that opens a window of a partition.
func (s *Store) tickMessage(partition int, window int64) *nats.Msg {
	at := uint64(window * int64(windowOf(s.cfg.Learn)/time.Second))
	msg := &nats.Msg{Subject: subjectOf(partition), Header: nats.Header{}, Data: binary.LittleEndian.AppendUint64([]byte{kindTick}, at)}
	msg.Header.Set(jetstream.MsgIDHeader, fmt.Sprintf("tick-%d-%d", partition, window))
	return msg
}

// nextWindow is the window that should be at hand: window is, clock is what the
// clock says, and passed says that the time of a whole window has passed since.
func nextWindow(window, clock, period int64, passed bool) int64 {
	switch {
	case window == 0:
		return clock
	case clock > window+period && !passed, clock == window, clock < window && !passed:
		return window
	case clock < window:
		return window + 1
	}
	return min(clock, window+max(period, 1))
}

func windowOf(c learn.Config) time.Duration {
	if c.Window == 0 {
		return 10 * time.Minute
	}
	return c.Window
}

func periodOf(c learn.Config) time.Duration {
	if c.Period == 0 {
		return max(24*time.Hour, windowOf(c))
	}
	return c.Period
}

// now is the time of the state: when the window at hand began.
func (p *partition) now() int64 {
	seconds := int64(windowOf(p.s.cfg.Learn) / time.Second)
	return min(p.learner.Window(), math.MaxInt64/seconds) * seconds
}
