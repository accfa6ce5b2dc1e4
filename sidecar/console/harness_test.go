package console

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/events/node"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar/api"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
	"github.com/glacis-waf/glacis/sidecar/batch"
	"github.com/glacis-waf/glacis/sidecar/learn"
	"github.com/glacis-waf/glacis/sidecar/signing"
	"github.com/glacis-waf/glacis/sidecar/store"
)

const (
	agentToken    = "a token for the agents"
	operatorToken = "a token for operators!"
)

// fixture is a sidecar with a real store, engine and console, and a browser
// before it. Its clock is moved by tests.
type fixture struct {
	*testing.T
	store   *store.Store
	events  *api.Events
	status  node.Status
	console *Console
	handler http.Handler // all of the sidecar, as its HTTP listener serves it
	ahead   atomic.Int64
	host    string
	cookie  *http.Cookie
	batches byte
}

func newFixture(t *testing.T, tokens api.Tokens) *fixture {
	t.Helper()
	f := &fixture{T: t, host: "127.0.0.1:9191", events: api.NewEvents(nil), status: node.Status{Kind: node.Sidecar, Version: "1.2.3", Mode: "prevent", Started: time.Now()}}
	log, start := slog.New(slog.NewTextHandler(io.Discard, nil)), time.Now()
	now := func() time.Time { return start.Add(time.Duration(f.ahead.Load())) }
	var err error
	f.store, err = store.Open(t.Context(), store.Config{Dir: t.TempDir(), Log: log, Pulse: 20 * time.Millisecond, Now: now,
		Learn: learn.Config{Window: time.Minute, Requests: 40, Sources: 10, Assets: []learn.AssetRule{{Name: "shop", Host: "shop.test"}}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.store.Close)
	key, err := signing.LoadKey(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := api.NewLearningWith(f.store, key, f.events)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := core.New(core.Config{})
	if err != nil {
		t.Fatal(err)
	}
	service, err := inspection.New(inspection.Config{Engine: engine, Settings: gateway.Settings{}, Recent: f.events.Show, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(service.Close)
	routes := append(l.Routes(), api.Status(func() node.Status { return f.status }))
	f.mount(tokens, now, log, append(routes, api.Authz(service)...))
	return f
}

// mount puts the console before routes.
func (f *fixture) mount(tokens api.Tokens, now func() time.Time, log *slog.Logger, routes []api.Route) {
	f.Helper()
	var err error
	if f.console, err = New(Config{API: api.New("", routes...), Tokens: tokens, Log: log, Now: now}); err != nil {
		f.Fatal(err)
	}
	f.handler = api.NewGuarded(tokens, append(routes, f.console.Route())...)
}

// do sends what a browser would: its cookie, and where a form comes from.
func (f *fixture) do(method, target string, form url.Values, header ...string) *httptest.ResponseRecorder {
	f.Helper()
	req := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	req.Host = f.host
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", "http://"+f.host)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if f.cookie != nil {
		req.AddCookie(f.cookie)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, req)
	for _, c := range w.Result().Cookies() {
		if f.cookie = c; c.MaxAge < 0 {
			f.cookie = nil
		}
	}
	return w
}

// login signs in as Anna.
func (f *fixture) login() {
	f.Helper()
	if w := f.do("POST", Root+"login", url.Values{"who": {"Anna"}, "token": {operatorToken}}); w.Code != http.StatusSeeOther || f.cookie == nil {
		f.Fatalf("sign in: %d %s", w.Code, w.Body)
	}
}

// page returns a page that must be there.
func (f *fixture) page(target string) string {
	f.Helper()
	w := f.do("GET", target, nil)
	if w.Code != http.StatusOK {
		f.Fatalf("%s: %d %s", target, w.Code, w.Body)
	}
	return w.Body.String()
}

var csrfField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// submit sends a form of the session and returns the page that follows.
func (f *fixture) submit(target string, pairs ...string) string {
	f.Helper()
	form := url.Values{"csrf": {csrfField.FindStringSubmatch(f.page(Root))[1]}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	w := f.do("POST", target, form)
	if w.Code != http.StatusSeeOther {
		f.Fatalf("%s: %d %s", target, w.Code, w.Body)
	}
	return f.page(w.Header().Get("Location"))
}

// lesson is what teach plays.
type lesson struct {
	template, location, example string
	level                       uint8
}

// teach plays windows of traffic: 20 networks ask, 6 of them with a text that
// looks like SQL to the model.
func (f *fixture) teach(windows int, l lesson) {
	f.Helper()
	for range windows {
		f.batches++
		data := batch.Begin(nil, batch.ID{f.batches, 7})
		for i := range 200 {
			o := profile.Observation{Status: 2, Method: []byte("GET"), Host: []byte("shop.test"), Template: []byte(l.template), Source: profile.Mix(uint64(i%20)+1, 9) | 1}
			shape := profile.Shape{Type: profile.Word, Length: 3, Hash: uint32(i)}
			var marks []byte
			n := 0
			if i%20 < 6 && i > 100 {
				x := profile.IndicatorSeen{Location: []byte(l.location), Family: 1, Level: l.level, Score: 70, Tokens: []uint32{0xabcd0001, 0xabcd0002}, Example: []byte(l.example)}
				marks, n = profile.AppendIndicator(nil, &x), 1
			}
			data = batch.AppendRecord(data, profile.AppendRecord(nil, &o, profile.AppendParam(nil, []byte(l.location), &shape), 1, marks, n))
		}
		if _, err := f.store.Publish(f.Context(), data); err != nil {
			f.Fatal(err)
		}
		f.tick()
	}
}

// tick closes a window.
func (f *fixture) tick() {
	f.Helper()
	_, before, _ := f.store.Snapshot()
	f.ahead.Add(int64(time.Minute))
	for range 3000 {
		if _, now, _ := f.store.Snapshot(); now != before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	f.Fatal("the window was never closed")
}

// attack has the sidecar inspect an attack and returns its request id.
func (f *fixture) attack(target string) string {
	f.Helper()
	req := httptest.NewRequest("GET", "/v1/authz/envoy"+target, nil)
	req.Header.Set(api.TokenHeader, operatorToken)
	req.Host = "shop.test"
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, req)
	if w.Code != http.StatusForbidden {
		f.Fatalf("%s: %d", target, w.Code)
	}
	return w.Header().Get("X-Request-Id")
}

// wants checks that a page has texts.
func wants(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("no %q in\n%s", text, page)
		}
	}
}
