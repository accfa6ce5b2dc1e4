package delivery

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"github.com/glacis-waf/glacis/internal/watch"
)

// Holder keeps a model in force while its source changes. A new one is checked
// and put to use whole before it replaces the old one; if any of that fails, the
// old one stays and Status has the reason. It is safe for concurrent use.
type Holder struct {
	trust   *Trust
	use     func(*Model) error
	current atomic.Pointer[Model]

	mu     sync.Mutex // one change at a time
	source Source
	spare  bool // the source may have nothing: then the embedded model serves
	stamp  string
	status Status
}

// Status says which model is in force and what became of the last change.
type Status struct {
	// Model is name and version, "" for the embedded model; Digest, Signer and
	// Origin are those of delivery.Model.
	Model  string `json:"model"`
	Digest string `json:"digest,omitempty"`
	Signer string `json:"signer,omitempty"`
	Origin string `json:"origin,omitempty"`
	// Loaded is when it came.
	Loaded time.Time `json:"loaded"`
	// Error is why what the source has now is not in force; "" if it is. Since
	// is when that was found.
	Error string    `json:"error,omitempty"`
	Since time.Time `json:"since,omitzero"`
	// Loads and Failures count since the start, the first load included.
	Loads    int `json:"loads"`
	Failures int `json:"failures"`
}

// NewHolder makes a Holder without a model: Current is nil, the embedded model.
// use is called with every model that passes its checks, before it counts as in
// force; an error of it refuses the model.
func NewHolder(trust *Trust, use func(*Model) error) *Holder {
	return &Holder{trust: trust, use: use}
}

// Current returns the model in force, nil for the embedded one.
func (h *Holder) Current() *Model { return h.current.Load() }

// Status returns a snapshot.
func (h *Holder) Status() Status {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.status
}

// Point changes the source and loads from it. If that fails, model and source
// stay as they were.
func (h *Holder) Point(ctx context.Context, s Source) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	source, spare, stamp := h.source, h.spare, h.stamp
	h.source, h.spare, h.stamp = s, false, ""
	_, err := h.load(ctx)
	if err != nil {
		h.source, h.spare, h.stamp = source, spare, stamp
	}
	return err
}

// Follow changes the source and loads from it if there is anything; a source
// that has nothing yet, or nothing good, is followed all the same. The error
// says what is wrong with what is there. With nothing there the embedded model
// takes the place of one from another source: use(nil).
func (h *Holder) Follow(ctx context.Context, s Source) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, _, err := s.Fetch(ctx, ""); errors.Is(err, fs.ErrNotExist) && h.current.Load() != nil {
		if err := h.use(nil); err != nil {
			return fmt.Errorf("embedded model: %w", err)
		}
		h.current.Store(nil)
		h.status = Status{Loaded: time.Now(), Loads: h.status.Loads, Failures: h.status.Failures}
	}
	h.source, h.spare, h.stamp = s, true, ""
	_, err := h.load(ctx)
	return err
}

// Await changes the source and loads from it; a source that has nothing yet, or
// nothing good, is followed all the same. Unlike with Follow that there is
// nothing is an error, because somebody named the source.
func (h *Holder) Await(ctx context.Context, s Source) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.source, h.spare, h.stamp = s, false, ""
	_, err := h.load(ctx)
	return err
}

// Reload loads from the source whether it changed or not. Without a source it
// does nothing.
func (h *Holder) Reload(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.source == nil {
		return nil
	}
	h.stamp = ""
	_, err := h.load(ctx)
	return err
}

// load takes what is new in the source; it says whether there was anything.
func (h *Holder) load(ctx context.Context) (did bool, err error) {
	p, stamp, err := h.source.Fetch(ctx, h.stamp)
	if err != nil {
		if h.spare && h.current.Load() == nil && errors.Is(err, fs.ErrNotExist) {
			h.status.Error, h.status.Since = "", time.Time{}
			return false, nil
		}
		return h.fail(err)
	}
	h.stamp = stamp
	if p == nil {
		return false, nil
	}
	if old := h.current.Load(); old != nil && old.Digest == p.Digest() && string(old.Signature) == string(p.Signature) {
		h.status.Error, h.status.Since = "", time.Time{}
		return false, nil
	}
	m, err := h.trust.Open(p)
	if err != nil {
		return h.fail(err)
	}
	if err := h.use(m); err != nil {
		return h.fail(fmt.Errorf("model %s: %w", p.Origin, err))
	}
	h.current.Store(m)
	h.status.Model, h.status.Digest, h.status.Signer, h.status.Origin = m.Report.Model, m.Digest, m.Signer, p.Origin
	h.status.Loaded, h.status.Error, h.status.Since = time.Now(), "", time.Time{}
	h.status.Loads++
	return true, nil
}

// fail records an error; the same one again and again is one failure.
func (h *Holder) fail(err error) (bool, error) {
	if err.Error() == h.status.Error {
		return false, err
	}
	h.status.Failures++
	h.status.Error, h.status.Since = err.Error(), time.Now()
	return true, err
}

// Watch looks at the source every interval until ctx ends and loads what is new.
// report is called after every change, with the error if a new model or a new
// error was found; never twice in a row for the same error. A source that has
// lost its model keeps the one in force.
func (h *Holder) Watch(ctx context.Context, interval time.Duration, report func(error)) {
	watch.Poll(ctx, interval, h.check, report)
}

func (h *Holder) check(ctx context.Context) (bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.source == nil {
		return false, nil
	}
	return h.load(ctx)
}
