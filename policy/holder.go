package policy

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/glacis-waf/glacis/internal/watch"
)

// Holder keeps a policy in force while its files change, or while a sidecar
// sends others. A new version is read, checked, compiled and put to use whole
// before it replaces the old one; if any of that fails, the old one stays and
// Status has the error. It is safe for concurrent use.
type Holder struct {
	path    string // of the files; "" for a sidecar's
	text    []byte // what the sidecar sent that is in force
	missed  bool   // the error is that nothing came
	use     func(*Loaded) error
	now     func() time.Time
	current atomic.Pointer[Loaded]

	mu     sync.Mutex // reloads one at a time
	sum    [sha256.Size]byte
	status Status
}

// Status says which policy is in force and what became of the last reload.
type Status struct {
	// Policy is the version in force, Files its files, Loaded when it came.
	Policy string    `json:"policy"`
	Files  []string  `json:"files"`
	Loaded time.Time `json:"loaded"`
	// Error is why the files as they are now are not in force; "" if they are.
	// Since is when that was found.
	Error string    `json:"error,omitempty"`
	Since time.Time `json:"since,omitzero"`
	// Reloads and Failures count since the start.
	Reloads  int `json:"reloads"`
	Failures int `json:"failures"`
	// Warnings are those of the policy in force.
	Warnings []Problem `json:"warnings,omitempty"`
}

// NewHolder loads a policy and calls use with it, and again with every later
// version. When use returns an error the version is refused. The first version
// must be valid.
func NewHolder(path string, use func(*Loaded) error) (*Holder, error) {
	h := &Holder{path: path, use: use, now: time.Now}
	if err := h.Reload(); err != nil {
		return nil, err
	}
	return h, nil
}

// NewReceiver returns a Holder for what a sidecar sends: Take. Until the first
// policy has come there is none.
func NewReceiver(from string, use func(*Loaded) error) *Holder {
	return &Holder{use: use, now: time.Now, status: Status{Files: []string{from}}}
}

// Take puts a policy in its compiled form in force; nil says that it is still
// the one that came last.
func (h *Holder) Take(compiled []byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if compiled != nil {
		return h.take(compiled)
	}
	if h.missed {
		h.missed, h.status.Error, h.status.Since = false, "", time.Time{}
	}
	return nil
}

func (h *Holder) take(compiled []byte) error {
	h.missed = false
	next, err := Parse(h.status.Files[0], compiled, h.now())
	if err == nil {
		next.Remote = true
	}
	if err = h.put(next, err); err == nil {
		h.text = compiled
	}
	return err
}

// Missed notes why a policy did not come; the old one stays in force, and so does
// the error of one that came and was no good.
func (h *Holder) Missed(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.status.Error == "" || h.missed {
		h.missed, h.status.Error, h.status.Since = true, err.Error(), h.now()
	}
}

// Current returns the policy in force, nil before a Receiver has the first.
func (h *Holder) Current() *Loaded { return h.current.Load() }

// Status returns a snapshot.
func (h *Holder) Status() Status {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.status
}

// Reload loads the files anew, whether they changed or not.
func (h *Holder) Reload() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.reload()
}

func (h *Holder) reload() error {
	if h.path == "" {
		return h.again()
	}
	h.sum = h.digest()
	return h.put(Load(h.path, h.now()))
}

// again compiles the sidecar's policy anew, because an exception has expired.
func (h *Holder) again() error {
	if h.text == nil {
		return nil
	}
	missed, since, trouble := h.missed, h.status.Since, h.status.Error
	err := h.take(h.text)
	if err == nil {
		h.missed, h.status.Since, h.status.Error = missed, since, trouble
	}
	return err
}

// put puts what was loaded in force.
func (h *Holder) put(next *Loaded, err error) error {
	if err == nil {
		if old := h.current.Load(); old != nil {
			next.Policy.Carry(old.Policy)
		}
		err = h.use(next)
	}
	if err != nil {
		h.status.Failures++
		h.status.Error, h.status.Since = err.Error(), h.now()
		return err
	}
	h.current.Store(next)
	h.status.Policy, h.status.Files, h.status.Warnings = next.Policy.Version(), next.Files, next.Warnings
	h.status.Loaded, h.status.Error, h.status.Since = h.now(), "", time.Time{}
	h.status.Reloads++
	return nil
}

// digest is a hash of the names and contents of the files. Contents, not
// times: a mounted config map changes by swapping a link.
func (h *Holder) digest() [sha256.Size]byte {
	sum := sha256.New()
	files, err := Files(h.path)
	if err != nil {
		fmt.Fprintln(sum, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		fmt.Fprintln(sum, file, len(text), err)
		sum.Write(text)
	}
	return [sha256.Size]byte(sum.Sum(nil))
}

// check reloads if the files changed or an exception has expired; it says
// whether it did.
func (h *Holder) check() (bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var expiry time.Time
	if l := h.current.Load(); l != nil {
		expiry = l.Policy.NextExpiry()
	}
	if (h.path == "" || h.digest() == h.sum) && (expiry.IsZero() || h.now().Before(expiry)) {
		return false, nil
	}
	return true, h.reload()
}

// Watch looks at the files every interval until ctx ends and reloads when they
// changed or when an exception expires. report is called after every reload,
// with the error if it failed.
func (h *Holder) Watch(ctx context.Context, interval time.Duration, report func(error)) {
	watch.Poll(ctx, interval, func(context.Context) (bool, error) { return h.check() }, report)
}
