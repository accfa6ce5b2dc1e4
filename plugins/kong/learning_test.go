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

// With a sidecar the plugin observes what it inspects, says that it is there and
// forwards its events; without one that answers it works all the same.
func TestSidecar(t *testing.T) {
	s, err := store.Open(t.Context(), store.Config{Dir: t.TempDir(), Log: quiet(), Pulse: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	key, err := signing.LoadKey(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := api.NewLearning(s, key)
	if err != nil {
		t.Fatal(err)
	}
	sidecar := httptest.NewServer(api.New("", l.Routes()...))
	t.Cleanup(sidecar.Close) // after the plugin, which waits for a profile
	r := newRig(t, "{}", Options{Sidecar: agent.Config{Sidecar: sidecar.URL, BatchEvery: 20 * time.Millisecond, Heartbeat: 20 * time.Millisecond, Log: quiet()}})
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
