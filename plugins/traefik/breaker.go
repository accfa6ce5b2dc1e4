package traefik

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	// tripAfter is how many failures in a row make the breaker open.
	tripAfter = 3
	// restFor is how long nothing is tried then; after it one request is.
	restFor = 2 * time.Second
)

// breaker keeps requests from waiting for a sidecar that does not answer. It is
// safe for concurrent use.
type breaker struct {
	mu       sync.Mutex
	failures int32     // written under mu, read by anybody
	until    time.Time // open until then
	probing  bool      // one request is on its way to see
}

// calm says that nothing has failed lately: whoever then asks the sidecar without
// leave need not say that it went well.
func (b *breaker) calm() bool { return atomic.LoadInt32(&b.failures) == 0 }

// allow says whether the sidecar may be asked at that time. Whoever is told so
// must call done.
func (b *breaker) allow(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures < tripAfter {
		return true
	}
	if b.probing || now.Before(b.until) {
		return false
	}
	b.probing = true
	return true
}

// done records how it went and reports whether that changed the state.
func (b *breaker) done(ok bool, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	was := b.failures >= tripAfter
	b.probing = false
	if ok {
		atomic.StoreInt32(&b.failures, 0)
		return was
	}
	if b.failures < tripAfter {
		atomic.AddInt32(&b.failures, 1)
	}
	if b.failures < tripAfter {
		return false
	}
	b.until = now.Add(restFor)
	return !was
}

// cancel takes a permission back that was not used: the client left.
func (b *breaker) cancel() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = false
}
