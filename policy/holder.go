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

// Holder keeps a policy in force while its files change. A new version is
// read, checked, compiled and put to use whole before it replaces the old one;
// if any of that fails, the old one stays and Status has the error. It is safe
// for concurrent use.
type Holder struct {
	path    string
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

// Current returns the policy in force.
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
	h.sum = h.digest()
	next, err := Load(h.path, h.now())
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
	expiry := h.current.Load().Policy.NextExpiry()
	if h.digest() == h.sum && (expiry.IsZero() || h.now().Before(expiry)) {
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
