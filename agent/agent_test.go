package agent

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/sidecar/batch"
	"github.com/glacis-waf/glacis/sidecar/signing"
)

// mute is a sidecar that tests make misbehave. The real one is behind the agent
// in the tests of the proxy, the Kong plugin and sidecar/api.
type mute struct {
	key     *signing.Key
	status  atomic.Int64 // of POST, 0 for all well
	forged  atomic.Bool
	mu      sync.Mutex
	records int
	ids     map[batch.ID]int
}

func newMute(t *testing.T) *mute {
	t.Helper()
	key, err := signing.LoadKey(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	return &mute{key: key, ids: map[batch.ID]int{}}
}

// ServeHTTP implements http.Handler.
func (m *mute) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	switch r.URL.Path {
	case "/v1/agents":
		_ = json.NewEncoder(w).Encode(Welcome{SourceKey: make([]byte, 32), Period: 86400, PublicKey: m.key.Public().String()})
	case "/v1/profile":
		data, _ := profile.Encode(&profile.Content{Generation: 5})
		if r.Header.Get("If-None-Match") != "" {
			time.Sleep(50 * time.Millisecond)
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"5"`)
		w.Header().Set("Glacis-Signature", m.key.Sign(data))
		if m.forged.Load() {
			data[len(data)-1] ^= 1
		}
		w.Write(data)
	default:
		m.mu.Lock()
		defer m.mu.Unlock()
		id, records, err := batch.Parse(body)
		if err == nil {
			m.ids[id]++
		}
		if s := m.status.Load(); s != 0 {
			w.WriteHeader(int(s))
			return
		}
		m.records += len(records)
		w.WriteHeader(http.StatusAccepted)
	}
}

func (m *mute) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.records
}

func start(t *testing.T, m *mute, change func(*Config)) *Agent {
	t.Helper()
	return startWith(t, m, change)
}

func startWith(t *testing.T, sidecar http.Handler, change func(*Config)) *Agent {
	t.Helper()
	s := httptest.NewServer(sidecar)
	t.Cleanup(s.Close)
	cfg := Config{Sidecar: s.URL, Kind: "test", BatchEvery: 5 * time.Millisecond, Heartbeat: 5 * time.Millisecond, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if change != nil {
		change(&cfg)
	}
	a, err := Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	return a
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 3000 {
		if ok() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("never: " + what)
}

// A batch that was refused for now comes again with the same id; one that is
// not wanted does not.
func TestBatchesAreSentAgain(t *testing.T) {
	m := newMute(t)
	m.status.Store(http.StatusServiceUnavailable)
	a := start(t, m, nil)
	a.Observe([]byte("one"))
	eventually(t, "two attempts", func() bool { return a.Counts().Failed >= 2 })
	m.status.Store(0)
	eventually(t, "it arrives", func() bool { return m.count() == 1 && a.Counts().Sent == 1 })
	if len(m.ids) != 1 {
		t.Error(m.ids)
	}
	m.status.Store(http.StatusBadRequest)
	a.Observe([]byte("two"))
	eventually(t, "it is dropped", func() bool { return a.Counts().DroppedObservations == 1 })
}

// What finds no room is dropped and counted; nothing waits.
func TestBuffersAreBounded(t *testing.T) {
	m := newMute(t)
	m.status.Store(http.StatusServiceUnavailable)
	a := start(t, m, func(c *Config) { c.BufferBytes = 1000 })
	for range 100 {
		a.Observe(make([]byte, 100))
		a.Event([]byte("{" + strings.Repeat(" ", 98) + "}"))
	}
	if c := a.Counts(); c.DroppedObservations < 70 || c.DroppedEvents < 70 {
		t.Errorf("%+v", c)
	}
}

// A profile that is not what the sidecar signed is not put in force.
func TestForgedProfile(t *testing.T) {
	m := newMute(t)
	m.forged.Store(true)
	a := start(t, m, nil)
	eventually(t, "it is rejected", func() bool { return a.Counts().Rejected > 0 })
	if a.Profile() != nil {
		t.Error("a forged profile is in force")
	}
	m.forged.Store(false)
	eventually(t, "the good one is taken", func() bool { p := a.Profile(); return p != nil && p.Generation() == 5 })

	other := newMute(t)
	pinned := start(t, m, func(c *Config) { c.PublicKey = other.key.Public().String() })
	eventually(t, "another key's is rejected", func() bool { return pinned.Counts().Rejected > 0 })
	if pinned.Profile() != nil {
		t.Error("the profile of a stranger's key is in force")
	}
}

func TestConfig(t *testing.T) {
	for want, cfg := range map[string]Config{
		"sidecar and kind": {},
		"want host:port":   {Sidecar: "ftp://x", Kind: "k"},
		"public key":       {Sidecar: "x:1", Kind: "k", PublicKey: "x"},
		"token: open":      {Sidecar: "x:1", Kind: "k", TokenFile: "/nowhere"},
		"authority: open":  {Sidecar: "x:1", Kind: "k", CA: "/nowhere"},
		"certificate: ":    {Sidecar: "x:1", Kind: "k", Cert: "/nowhere"},
	} {
		if _, err := Start(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestBuffer(t *testing.T) {
	var b buffer
	b.init(10)
	for i := range 5 {
		if ok := b.add([]byte(fmt.Sprintf("%03d", i))); ok != (i < 3) {
			t.Error(i, ok)
		}
	}
	var got []string
	put := func(item []byte) bool {
		if len(got) == 2 {
			return false
		}
		got = append(got, string(item))
		return true
	}
	if n := b.take(put); n != 2 || strings.Join(got, " ") != "000 001" || b.size() != 3 {
		t.Error(n, got, b.size())
	}
	b.add([]byte("004"))
	got = nil
	if b.take(put); strings.Join(got, " ") != "002 004" || b.over() {
		t.Error(got)
	}
	if b.close(); !b.over() || b.add(nil) {
		t.Error("not over")
	}
}

// Observing costs the request no allocation.
func TestObserveDoesNotAllocate(t *testing.T) {
	a := &Agent{}
	a.observations.init(1 << 20)
	record := make([]byte, 100)
	for range 1000 {
		a.Observe(record)
	}
	a.observations.take(func([]byte) bool { return true })
	if n := testing.AllocsPerRun(500, func() { a.Observe(record) }); n > 0 {
		t.Error(n)
	}
}
