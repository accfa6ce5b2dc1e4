package proxy

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/sidecar/api"
	"github.com/glacis-waf/glacis/sidecar/learn"
	"github.com/glacis-waf/glacis/sidecar/signing"
	"github.com/glacis-waf/glacis/sidecar/store"
)

// school is the learning part of a sidecar on a real port, with a clock that the
// test moves and a listener that it can take away.
type school struct {
	*testing.T
	ahead   atomic.Int64
	store   *store.Store
	handler http.Handler
	address string
	server  *http.Server
}

func newSchool(t *testing.T) *school {
	t.Helper()
	s, start, dir := &school{T: t}, time.Now(), t.TempDir()
	var err error
	s.store, err = store.Open(t.Context(), store.Config{Dir: dir, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Pulse: 20 * time.Millisecond,
		Now: func() time.Time { return start.Add(time.Duration(s.ahead.Load())) }, Learn: learn.Config{Window: time.Minute, Requests: 100,
			Assets: []learn.AssetRule{{Name: "shop.test", Host: "shop.test"}}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.store.Close)
	key, err := signing.LoadKey(filepath.Join(dir, "key"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := api.NewLearning(s.store, key)
	if err != nil {
		t.Fatal(err)
	}
	s.handler, s.address = api.New("", l.Routes()...), "127.0.0.1:0"
	s.up()
	t.Cleanup(func() { s.server.Close() })
	return s
}

// up starts the listener, at the same port as before.
func (s *school) up() {
	s.Helper()
	l, err := net.Listen("tcp", s.address)
	if err != nil {
		s.Fatal(err)
	}
	s.address, s.server = l.Addr().String(), &http.Server{Handler: s.handler, ReadHeaderTimeout: time.Second}
	go s.server.Serve(l)
}

// pupil is a proxy with the real engine and an agent.
type pupil struct {
	*school
	proxy *Proxy
	agent *agent.Agent
}

func (s *school) pupil(mode Mode) *pupil {
	s.Helper()
	engine, err := core.New(core.Config{})
	if err != nil {
		s.Fatal(err)
	}
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "fine") }))
	s.Cleanup(upstream.Close)
	to, err := url.Parse(upstream.URL)
	if err != nil {
		s.Fatal(err)
	}
	learning, policies := NewLearning(), &Policies{}
	policies.Learning = learning
	policies.Set(NewActive(engine, 1))
	a, err := agent.Start(agent.Config{Sidecar: s.address, Kind: "proxy", BatchEvery: 20 * time.Millisecond, Heartbeat: 50 * time.Millisecond,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), State: func() agent.State {
			requests, blocks := learning.Counts()
			return agent.State{Model: policies.Model(), Mode: string(mode), Requests: requests, Blocks: blocks}
		}})
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(a.Close)
	learning.Connect(a)
	p, err := New(Config{Upstream: to, Inspector: policies, Mode: mode, Learning: learning, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		s.Fatal(err)
	}
	s.wait("the agent knows the sidecar", func() bool { return a.Source("192.0.2.1", nil) != 0 })
	return &pupil{s, p, a}
}

func (s *school) wait(what string, ok func() bool) {
	s.Helper()
	for range 3000 {
		if ok() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.Fatal("never: " + what)
}

// get sends a request of client network n.
func (p *pupil) get(n int, query string) int {
	r := httptest.NewRequest("GET", "http://shop.test/search?q="+query, nil)
	r.RemoteAddr = fmt.Sprintf("100.64.%d.9:4000", n)
	w := httptest.NewRecorder()
	p.proxy.ServeHTTP(w, r)
	return w.Code
}

// tick closes a window.
func (s *school) tick() {
	_, before, _ := s.store.Snapshot()
	s.ahead.Add(int64(time.Minute))
	s.wait("another profile", func() bool { _, now, _ := s.store.Snapshot(); return now != before })
}

// markup is what the model alone blocks and the editors of this site send.
const markup = "%3Cimg+src%3Dx%3E"

// What one proxy's traffic teaches, another one knows: a false positive goes
// away without anybody having done anything, and an attack is blocked as before.
func TestProxiesShareWhatIsLearned(t *testing.T) {
	s := newSchool(t)
	busy, quiet := s.pupil(Detect), s.pupil(Prevent)
	if got := quiet.get(1, markup); got != http.StatusForbidden {
		t.Fatalf("%d before learning", got)
	}
	for range 6 {
		for n := range 40 {
			for i := range 3 {
				busy.get(n, fmt.Sprintf("lamp%d", i))
			}
			busy.get(n, markup)
		}
		seen, same := uint64(0), 0
		s.wait("observations arrived", func() bool {
			if now := s.store.Counts().Records; now != seen || now == 0 {
				seen, same = now, 0
			}
			same++
			return same > 15 // 15 times as long as a batch waits
		})
		s.tick()
	}
	s.wait("both have the profile", func() bool {
		_, version, _ := s.store.Snapshot()
		a, b := busy.agent.Profile(), quiet.agent.Profile()
		return a != nil && b != nil && a.Version() == version && b.Version() == version
	})
	if got := quiet.get(1, markup); got != http.StatusOK {
		t.Errorf("%d after learning", got)
	}
	if got := quiet.get(1, "1'+union+select+name,password+from+users--"); got != http.StatusForbidden {
		t.Errorf("an attack is answered %d", got)
	}
	s.wait("agents and events are listed", func() bool {
		var list struct{ Agents []agent.Report }
		var events struct{ Events []map[string]any }
		s.read("/v1/agents", &list)
		s.read("/v1/events?action=block", &events)
		return len(list.Agents) == 2 && list.Agents[0].Requests+list.Agents[1].Requests == 6*40*4+3 && len(events.Events) == 2
	})
}

func (s *school) read(path string, v any) {
	s.Helper()
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	if err := json.NewDecoder(w.Body).Decode(v); err != nil {
		s.Fatal(err)
	}
}

// While the sidecar is away the proxy serves as before; afterwards what it has
// kept arrives.
func TestSidecarGoesAndComesBack(t *testing.T) {
	s := newSchool(t)
	p := s.pupil(Prevent)
	p.get(1, "lamp")
	s.wait("the first observation", func() bool { return s.store.Counts().Records == 1 })
	s.server.Close()
	for n := range 50 {
		if got := p.get(n, "lamp"); got != http.StatusOK {
			t.Fatal(got)
		}
	}
	if got := p.get(1, markup); got != http.StatusForbidden {
		t.Error(got)
	}
	s.wait("failures are counted", func() bool { return p.agent.Counts().Failed > 0 })
	s.up()
	s.wait("all arrives", func() bool { return s.store.Counts().Records == 52 })
	if c := p.agent.Counts(); c.DroppedObservations+c.DroppedEvents != 0 || c.Rejected != 0 {
		t.Errorf("%+v", c)
	}
}
