package kong

import (
	"fmt"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/sidecar/api"
	"github.com/glacis-waf/glacis/sidecar/signing"
	"github.com/glacis-waf/glacis/sidecar/store"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// learningSidecar starts a sidecar that learns.
func learningSidecar(t *testing.T, more ...api.Route) (s *store.Store, l *api.Learning, url string) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Dir: t.TempDir(), Log: quiet(), Pulse: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	key, err := signing.LoadKey(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	l, err = api.NewLearning(s, key)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(api.New("", append(l.Routes(), more...)...))
	t.Cleanup(server.Close) // after the plugin, which waits for a profile
	return s, l, server.URL
}

// With a sidecar the plugin observes what it inspects, says that it is there and
// forwards its events; without one that answers it works all the same.
func TestSidecar(t *testing.T) {
	s, l, url := learningSidecar(t)
	r := newRig(t, "{}", Options{Sidecar: agent.Config{Sidecar: url, BatchEvery: 20 * time.Millisecond, Heartbeat: 20 * time.Millisecond, Log: quiet()}})
	for i := range 20 {
		r.wantStatus(0, get(fmt.Sprintf("/items?q=lamp%d", i), "learn-me-0001"))
	}
	r.wantStatus(403, get(attack, "learn-me-0002"))
	says := func(path, text string) bool {
		w := httptest.NewRecorder()
		api.New("", l.Routes()...).ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return strings.Contains(w.Body.String(), text)
	}
	for range 1000 {
		if s.Counts().Records == 21 && says("/v1/agents", `"requests":21,"blocks":1`) && says("/v1/events", "learn-me-0002") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%+v", s.Counts())
}

func TestSidecarIsAway(t *testing.T) {
	r := newRig(t, "{}", Options{Sidecar: agent.Config{Sidecar: "127.0.0.1:1", Log: quiet()}})
	r.wantStatus(0, get("/items?q=lamp", "away-0001"))
	r.wantStatus(403, get(attack, "away-0002"))
	if _, err := New(Options{Sidecar: agent.Config{Sidecar: "ftp://nowhere"}}); err == nil || !strings.Contains(err.Error(), "want host:port") {
		t.Error(err)
	}
}

// TestCacheHidesNothingFromLearning: requests that come again are observed like
// any other; only those of an asset that does not learn come from the cache.
func TestCacheHidesNothingFromLearning(t *testing.T) {
	const requests = 12
	s, _, url := learningSidecar(t)
	policy := `{"apiVersion":"glacis/v1","assets":[{"name":"frozen","hosts":["frozen.example"],"learning":"off"}]}`
	r := newRig(t, withPolicy(t, map[string]any{"cache": true, "policy": policy}), Options{CacheBytes: 1 << 20,
		Sidecar: agent.Config{Sidecar: url, BatchEvery: 20 * time.Millisecond, Heartbeat: 20 * time.Millisecond, Log: quiet()}})
	bad := post("q=1' UNION SELECT username,password FROM users-- ")
	frozen := get("/items?q=lamp", "frozen-0001")
	frozen.Headers[0].Value = "frozen.example"
	hits := int64(0)
	for range requests {
		hits += r.hits(0, get("/items?q=lamp", "again-0001")) + r.hits(0, post("a=1")) + r.hits(403, bad)
		r.hits(0, frozen)
	}
	if hits != 0 || r.server.counters.hits.Load() != requests-2 {
		t.Errorf("%d requests of a learning asset and %d in all came from the cache, want 0 and %d", hits, r.server.counters.hits.Load(), requests-2)
	}
	for i := 0; s.Counts().Records < 3*requests && i < 1000; i++ {
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(60 * time.Millisecond) // for records beyond
	if n := s.Counts().Records; n != 3*requests {
		t.Errorf("%d records of %d requests that learn", n, 3*requests)
	}
}
