package agent

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// teller is a sidecar that has policies.
type teller struct {
	*mute
	policy   atomic.Pointer[string]
	unsigned atomic.Bool
	status   atomic.Int64
}

// ServeHTTP implements http.Handler.
func (s *teller) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/v1/policy" {
		s.mute.ServeHTTP(w, r)
		return
	}
	text := s.policy.Load()
	switch {
	case s.status.Load() != 0:
		w.WriteHeader(int(s.status.Load()))
	case text == nil:
		w.WriteHeader(http.StatusNotFound)
	case r.Header.Get("If-None-Match") == *text:
		w.WriteHeader(http.StatusNotModified)
	default:
		if !s.unsigned.Load() {
			w.Header().Set("Glacis-Signature", s.key.SignPolicy([]byte(*text)))
		}
		w.Header().Set("ETag", *text)
		_, _ = w.Write([]byte(*text))
	}
}

// follower notes what FollowPolicy says.
type follower struct {
	mu            sync.Mutex
	taken, failed []string
	current       int
}

func (f *follower) take(compiled []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if compiled == nil {
		f.current++
		return
	}
	f.taken = append(f.taken, string(compiled))
}

func (f *follower) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	text := err.Error()
	if errors.Is(err, ErrNoPolicy) {
		text = "none"
	}
	if n := len(f.failed); n == 0 || f.failed[n-1] != text {
		f.failed = append(f.failed, text)
	}
}

func (f *follower) said() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.taken, " ") + "|" + strings.Join(f.failed, " ")
}

func follow(t *testing.T, a *Agent) *follower {
	f := &follower{}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.FollowPolicy(ctx, f.take, f.fail)
	}()
	t.Cleanup(func() { stop(); <-done })
	return f
}

// TestFollowPolicy: each policy comes once; that there is none, or that nobody
// answers, is said.
func TestFollowPolicy(t *testing.T) {
	s := &teller{mute: newMute(t)}
	f := follow(t, startWith(t, s, nil))
	put := func(text string) { s.policy.Store(&text) }
	eventually(t, "there is none", func() bool { return f.said() == "|none" })
	put("one")
	eventually(t, "the first", func() bool { return f.said() == "one|none" })
	eventually(t, "it is still the same", func() bool { f.mu.Lock(); defer f.mu.Unlock(); return f.current > 0 })
	s.status.Store(500)
	eventually(t, "a failure", func() bool { return strings.HasSuffix(f.said(), "500 Internal Server Error") })
	s.status.Store(0)
	put("two")
	eventually(t, "the second", func() bool { return strings.HasPrefix(f.said(), "one two|") })
}

// TestPolicySignature: with a key given, a policy must be signed by it; without,
// a signature that is there must be good.
func TestPolicySignature(t *testing.T) {
	s, text := &teller{mute: newMute(t)}, "policy"
	s.policy.Store(&text)
	other := newMute(t)
	strict := follow(t, startWith(t, s, func(c *Config) { c.PublicKey = other.key.Public().String() }))
	eventually(t, "a stranger's is refused", func() bool { return strings.Contains(strict.said(), "signature does not match") })
	right := follow(t, startWith(t, s, func(c *Config) { c.PublicKey = s.key.Public().String() }))
	eventually(t, "the right one is taken", func() bool { return right.said() == "policy|" })
	s.unsigned.Store(true)
	free := follow(t, startWith(t, s, nil))
	eventually(t, "the channel has to do", func() bool { return free.said() == "policy|" })
	bound := follow(t, startWith(t, s, func(c *Config) { c.PublicKey = s.key.Public().String() }))
	eventually(t, "an unsigned one is refused", func() bool { return strings.Contains(bound.said(), "signature does not match") })
	if strict.said()[0] != '|' || bound.said()[0] != '|' {
		t.Error("taken without a good signature")
	}
}
