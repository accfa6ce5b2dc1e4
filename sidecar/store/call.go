package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/klauspost/compress/s2"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"github.com/glacis-waf/glacis/sidecar/learn"
)

// The operations of a Call. The first group reads; the second changes what is
// known and goes through the stream.
const (
	OpStatus      = "status"
	OpCounts      = "counts"
	OpEndpoints   = "endpoints"
	OpParams      = "params"
	OpSuggestions = "suggestions"
	OpAudit       = "audit"
	OpExport      = "export"
	OpOpenAPI     = "openapi"

	OpDecide   = "decide"
	OpFreeze   = "freeze"
	OpUnfreeze = "unfreeze"
	OpRelearn  = "relearn"
	OpImport   = "import"
)

// Call asks the member that has an asset.
type Call struct {
	Op    string `json:"op"`
	Asset string `json:"asset,omitempty"`
	// Method and Template are for OpParams.
	Method   string `json:"method,omitempty"`
	Template string `json:"template,omitempty"`
	// Who asks for a change, and when (Unix seconds).
	Who string `json:"who,omitempty"`
	At  int64  `json:"at,omitempty"`
	// Decision is for OpDecide, Export for OpImport.
	Decision *learn.Decision `json:"decision,omitempty"`
	Export   *learn.Export   `json:"export,omitempty"`
}

// changes reports whether the call changes anything.
func (c *Call) changes() bool {
	return slices.Contains([]string{OpDecide, OpFreeze, OpUnfreeze, OpRelearn, OpImport}, c.Op)
}

// ErrCall is an answer that says why a call was refused.
type ErrCall struct{ Reason string }

// Error implements error.
func (e *ErrCall) Error() string { return e.Reason }

// answer is the answer to a call.
type answer struct {
	Error string          `json:"error,omitempty"`
	Value json.RawMessage `json:"value,omitempty"`
}

// errLoading says that a partition is not ready yet.
var errLoading = errors.New("still loading")

// serve answers calls about this partition.
func (p *partition) serve() (*nats.Subscription, error) {
	learner := p.learner // another session has another one
	return p.s.nc.Subscribe(fmt.Sprintf("%s%d", callPrefix, p.n), func(msg *nats.Msg) {
		go p.answer(msg, learner) // callers are few, and each waits for its answer
	})
}

func (p *partition) answer(msg *nats.Msg, learner *learn.Learner) {
	var c Call
	var a answer
	err := json.Unmarshal(msg.Data, &c)
	var value any
	switch {
	case err != nil:
	case !p.ready.Load():
		err = errLoading
	case c.changes():
		err = p.propose(msg.Data)
	default:
		value, err = c.read(learner)
	}
	if err == nil && value != nil {
		a.Value, err = json.Marshal(value)
	}
	if err != nil {
		a.Error = err.Error()
	}
	data, err := json.Marshal(a)
	if err == nil {
		err = msg.Respond(s2.Encode(nil, data))
	}
	if err != nil {
		p.s.cfg.Log.Warn("answer a call", "op", c.Op, "error", err)
	}
}

// propose puts a change into the stream and waits until it is applied.
func (p *partition) propose(call []byte) error {
	id, result := nuid.Next(), make(chan error, 1)
	p.mu.Lock()
	p.results[id] = result
	p.mu.Unlock()
	ctx, cancel := context.WithTimeout(p.ctx, 10*time.Second)
	defer cancel()
	msg := &nats.Msg{Subject: subjectOf(p.n), Data: append([]byte{kindCommand}, call...), Header: nats.Header{}}
	msg.Header.Set(jetstream.MsgIDHeader, id)
	if _, err := p.s.js.PublishMsg(ctx, msg); err != nil {
		return fmt.Errorf("store the change: %w", err)
	}
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return errors.New("the change is stored, but not applied yet")
	}
}

// read answers a call that changes nothing.
func (c *Call) read(l *learn.Learner) (any, error) {
	switch c.Op {
	case OpStatus:
		return l.Status(), nil
	case OpCounts:
		return l.Counts(), nil
	case OpEndpoints:
		return l.Endpoints(c.Asset), nil
	case OpParams:
		return l.Params(c.Asset, c.Method, c.Template), nil
	case OpSuggestions:
		return l.Suggestions(), nil
	case OpAudit:
		return l.Audit(), nil
	case OpExport:
		return l.Export(), nil
	case OpOpenAPI:
		return l.OpenAPI(c.Asset)
	}
	return nil, fmt.Errorf("there is no operation %q", c.Op)
}

// change applies a call that changes something.
func (c *Call) change(l *learn.Learner) error {
	switch {
	case c.Op == OpDecide && c.Decision != nil:
		return l.Decide(*c.Decision)
	case c.Op == OpFreeze || c.Op == OpUnfreeze:
		return l.Freeze(c.Asset, c.Op == OpFreeze, c.Who, c.At)
	case c.Op == OpRelearn:
		return l.Relearn(c.Asset, c.Who, c.At)
	case c.Op == OpImport && c.Export != nil:
		return l.Import(c.Export, c.Who, c.At)
	}
	return fmt.Errorf("there is no operation %q", c.Op)
}

// Do asks the member that has the call's asset and decodes what it says into
// value, which may be nil. An *ErrCall is its refusal.
func (s *Store) Do(ctx context.Context, c *Call, value any) error {
	data, err := s.ask(ctx, s.partitionOf(c.Asset), c)
	if err != nil || value == nil || data == nil {
		return err
	}
	return json.Unmarshal(data, value)
}

// All asks all partitions and hands each one's answer to take, in order.
func (s *Store) All(ctx context.Context, c *Call, take func(json.RawMessage) error) error {
	answers, errs := make([]json.RawMessage, s.cfg.Partitions), make([]error, s.cfg.Partitions)
	var wg sync.WaitGroup
	for n := range answers {
		wg.Go(func() { answers[n], errs[n] = s.ask(ctx, n, c) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for _, a := range answers {
		if a != nil {
			if err := take(a); err != nil {
				return err
			}
		}
	}
	return nil
}

// ask asks a partition, again for a while when nobody has it just now.
func (s *Store) ask(ctx context.Context, n int, c *Call) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	data, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	for {
		var a answer
		msg, err := s.nc.RequestWithContext(ctx, fmt.Sprintf("%s%d", callPrefix, n), data)
		if err == nil {
			var plain []byte
			if plain, err = s2.Decode(nil, msg.Data); err == nil {
				err = json.Unmarshal(plain, &a)
			}
			if err == nil && a.Error == "" {
				return a.Value, nil
			}
			if err == nil && a.Error != errLoading.Error() {
				return nil, &ErrCall{a.Error}
			}
		} else if !errors.Is(err, nats.ErrNoResponders) {
			return nil, fmt.Errorf("ask partition %d: %w", n, err)
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("ask partition %d: nobody has it: %w", n, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Import freezes assets at what an export says, see learn.Learner.Import.
func (s *Store) Import(ctx context.Context, x *learn.Export, who string, at int64) error {
	parts := make(map[int]*learn.Export)
	part := func(asset string) *learn.Export {
		n := s.partitionOf(asset)
		if parts[n] == nil {
			parts[n] = &learn.Export{APIVersion: x.APIVersion}
		}
		return parts[n]
	}
	for _, a := range x.Assets {
		p := part(a.Name)
		p.Assets = append(p.Assets, a)
	}
	for _, d := range x.Decisions {
		p := part(d.Asset)
		p.Decisions = append(p.Decisions, d)
	}
	for n, p := range parts {
		if _, err := s.ask(ctx, n, &Call{Op: OpImport, Who: who, At: at, Export: p}); err != nil {
			return err
		}
	}
	return nil
}
