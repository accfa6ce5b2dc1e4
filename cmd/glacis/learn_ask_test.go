package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/sidecar/api"
	"github.com/glacis-waf/glacis/sidecar/batch"
	"github.com/glacis-waf/glacis/sidecar/learn"
	"github.com/glacis-waf/glacis/sidecar/signing"
	"github.com/glacis-waf/glacis/sidecar/store"
)

const (
	testAgents    = "a token for the agents"
	testOperators = "a token for operators!"
)

// classroom is a real store behind the real endpoints, with a clock that the
// test moves, and the flags by which commands reach it as an operator.
type classroom struct {
	t     *testing.T
	ahead atomic.Int64
	store *store.Store
	flags []string
	url   string
}

func newClassroom(t *testing.T) *classroom {
	t.Helper()
	c, start, dir := &classroom{t: t}, time.Now(), t.TempDir()
	var err error
	c.store, err = store.Open(t.Context(), store.Config{Dir: dir, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Pulse: 20 * time.Millisecond,
		Now: func() time.Time { return start.Add(time.Duration(c.ahead.Load())) }, Learn: learn.Config{Window: time.Minute, Requests: 40, Sources: 10,
			Assets: []learn.AssetRule{{Name: "shop", Host: "shop.test"}}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.store.Close)
	key, err := signing.LoadKey(filepath.Join(dir, "key"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := api.NewLearning(c.store, key)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(api.NewGuarded(api.Tokens{Agents: testAgents, Operators: testOperators}, l.Routes()...))
	t.Cleanup(server.Close)
	c.url = server.URL
	c.flags = []string{"--sidecar", server.URL, "--sidecar-token-file", tokenFile(t, testOperators)}
	return c
}

func tokenFile(t *testing.T, token string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// teach plays windows of traffic: 20 networks search, 6 of them with a name
// that looks like SQL to the model.
func (c *classroom) teach(windows int) {
	c.t.Helper()
	for range windows {
		data := batch.Begin(nil, batch.ID{byte(c.ahead.Load() >> 32), byte(c.ahead.Load() >> 40), 7})
		for i := range 200 {
			o := profile.Observation{Status: 2, Method: []byte("GET"), Host: []byte("shop.test"), Template: []byte("/search"), Source: profile.Mix(uint64(i%20)+1, 9) | 1}
			shape := profile.Shape{Type: profile.Word, Length: 3, Hash: uint32(i)}
			var marks []byte
			n := 0
			if i%20 < 6 && i > 100 {
				x := profile.IndicatorSeen{Location: []byte("query.q"), Family: 1, Level: 2, Score: 70, Tokens: []uint32{0xabcd0001, 0xabcd0002}, Example: []byte("a'a")}
				marks, n = profile.AppendIndicator(nil, &x), 1
			}
			data = batch.AppendRecord(data, profile.AppendRecord(nil, &o, profile.AppendParam(nil, []byte("query.q"), &shape), 1, marks, n))
		}
		if _, err := c.store.Publish(c.t.Context(), data); err != nil {
			c.t.Fatal(err)
		}
		c.tick()
	}
}

// tick closes a window.
func (c *classroom) tick() {
	c.t.Helper()
	_, before, _ := c.store.Snapshot()
	c.ahead.Add(int64(time.Minute))
	for range 3000 {
		if _, now, _ := c.store.Snapshot(); now != before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	c.t.Fatal("the window was never closed")
}

// learn runs a learn command that must succeed.
func (c *classroom) learn(args ...string) string {
	c.t.Helper()
	out, problems, status := learnRun(c.t, append(args, c.flags...)...)
	if status != exitOK {
		c.t.Fatalf("%q: status %d, says %q", args, status, problems)
	}
	return out
}

// TestLearnCommands goes through all that an operator does to a sidecar that
// learns.
func TestLearnCommands(t *testing.T) {
	c := newClassroom(t)
	c.teach(3)
	if out := c.learn("status"); !strings.Contains(out, "shop") || !strings.Contains(out, "settled 100%") {
		t.Errorf("status: %s", out)
	}
	if out := c.learn("items", "shop"); !strings.Contains(out, "/search") || !strings.Contains(out, "query.q") {
		t.Errorf("items: %s", out)
	}
	var listed suggestions
	if err := json.Unmarshal([]byte(c.learn("suggestions", "--json")), &listed); err != nil || len(listed.Suggestions) != 1 {
		t.Fatal(listed, err)
	}
	s := listed.Suggestions[0]
	if out := c.learn("suggestions"); len(s.Indicators) != 2 || !strings.Contains(out, s.ID) || !strings.Contains(out, "apiVersion: glacis/v1") {
		t.Errorf("%+v: %s", s, out)
	}
	if out := c.learn("suggestions", "dismiss", s.ID, "--who", "ann"); !strings.Contains(out, "2 indicators") {
		t.Error(out)
	}
	if out := c.learn("suggestions"); out != "" {
		t.Errorf("after it was dismissed: %s", out)
	}
	old := filepath.Join(t.TempDir(), "old.yaml")
	if err := os.WriteFile(old, []byte(c.learn("export")), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := c.learn("diff", old); out != "" {
		t.Errorf("nothing has changed: %s", out)
	}
	c.learn("revoke", "shop", "query.q", "--method", "GET", "--endpoint", "/search", "--who", "ann", "--why", "not ours")
	c.learn("freeze", "shop", "--who", "ann")
	if out := c.learn("status"); !strings.Contains(out, "(frozen)") {
		t.Errorf("frozen: %s", out)
	}
	c.learn("unfreeze", "shop", "--who", "ann")
	c.learn("relearn", "shop", "--who", "ann")
	if out := c.learn("diff", old); !strings.Contains(out, "query.q") {
		t.Errorf("after relearning: %q", out)
	}
	c.learn("import", old, "--who", "bob")
	audit := c.learn("audit")
	for _, want := range []string{"dismiss", "revoke", "not ours", "freeze", "unfreeze", "relearn", "import", "bob", " sources, ", "decisions taken over: 2"} {
		if !strings.Contains(audit, want) {
			t.Errorf("no %s in %s", want, audit)
		}
	}
}

// TestAccept checks that an accepted suggestion takes effect: the profile has
// the indicators as confirmed.
func TestAccept(t *testing.T) {
	c := newClassroom(t)
	c.teach(2)
	var listed suggestions
	if err := json.Unmarshal([]byte(c.learn("suggestions", "--json")), &listed); err != nil || len(listed.Suggestions) != 1 {
		t.Fatal(listed, err)
	}
	c.learn("suggestions", "accept", listed.Suggestions[0].ID, "--who", "ann", "--for", "24h")
	c.teach(1)
	x, err := learn.ReadExport([]byte(c.learn("export")))
	if err != nil || len(x.Decisions) != 2 || x.Decisions[0].Expires == 0 {
		t.Fatal(x, err)
	}
	confirmed := 0
	for _, p := range x.Assets[0].Params {
		confirmed += len(p.Confirmed)
	}
	if confirmed != 2 {
		t.Errorf("%d confirmed: %+v", confirmed, x.Assets[0].Params)
	}
}

// TestLearnCommandErrors checks what is said to who may not or asks for what is
// not there.
func TestLearnCommandErrors(t *testing.T) {
	c := newClassroom(t)
	agents := []string{"--sidecar", c.url, "--sidecar-token-file", tokenFile(t, testAgents)}
	bad := tokenFile(t, "apiVersion: other/v1")
	for want, args := range map[string][]string{
		"want the operators' token":    append([]string{"status"}, agents...),
		"403":                          append([]string{"freeze", "shop"}, agents...),
		"401":                          {"export", "--sidecar", c.url},
		"there is no asset \"none\"":   append([]string{"freeze", "none"}, c.flags...),
		"there is no suggestion \"x\"": append([]string{"suggestions", "accept", "x"}, c.flags...),
		"is negative":                  append([]string{"suggestions", "accept", "x", "--for", "-1h"}, c.flags...),
		"--who is required":            append([]string{"freeze", "shop", "--who", ""}, c.flags...),
		"apiVersion \"other/v1\": want glacis-learned": append([]string{"import", bad}, c.flags...),
		"no such file":                 append([]string{"diff", "/nowhere.yaml"}, c.flags...),
		"connection refused":           {"items", "shop", "--sidecar", "127.0.0.1:1"},
		"accepts 1 arg(s), received 0": append([]string{"items"}, c.flags...),
	} {
		if _, problems, status := learnRun(t, args...); status != exitUsage || !strings.Contains(problems, want) {
			t.Errorf("%q: status %d, says %q, want %q", args, status, problems, want)
		}
	}
}
