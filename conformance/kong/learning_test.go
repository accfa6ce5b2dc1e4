package kong

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
	"github.com/glacis-waf/glacis/sidecar/api"
	"github.com/glacis-waf/glacis/sidecar/learn"
	"github.com/glacis-waf/glacis/sidecar/signing"
	"github.com/glacis-waf/glacis/sidecar/store"
)

// manual is what people of this site search for: suspicious elsewhere.
const manual = "cat /etc/hosts"

// classroom is a sidecar with the real store and endpoints, whose clock can be
// moved.
type classroom struct {
	store *store.Store
	key   *signing.Key
	url   string
	ahead atomic.Int64
	model atomic.Pointer[delivery.Model]
}

func newClassroom(t *testing.T) *classroom {
	t.Helper()
	c := &classroom{}
	start := time.Now()
	var err error
	c.store, err = store.Open(t.Context(), store.Config{Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler), Pulse: 20 * time.Millisecond,
		Now:   func() time.Time { return start.Add(time.Duration(c.ahead.Load())) },
		Learn: learn.Config{Window: time.Minute, Requests: 100, Sources: 20, Assets: []learn.AssetRule{{Name: "shop", Host: "*"}}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.store.Close)
	if c.key, err = signing.LoadKey(filepath.Join(t.TempDir(), "key")); err != nil {
		t.Fatal(err)
	}
	l, err := api.NewLearning(c.store, c.key)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(api.New("", append(l.Routes(), api.Model(c.model.Load))...))
	t.Cleanup(server.CloseClientConnections)
	c.url = server.URL
	return c
}

// settle waits until no more observations come: what is mature is observed in
// part only, so their number is not known.
func (c *classroom) settle() {
	const batch = time.Second // agent.Config.BatchEvery
	last, since := c.store.Counts().Records, time.Now()
	for time.Since(since) < 2*batch {
		time.Sleep(batch / 20)
		if n := c.store.Counts().Records; n != last {
			last, since = n, time.Now()
		}
	}
}

// TestMiniLearning: the plugin server tells a sidecar what it sees, six windows
// long, and goes by what was learned from it. Its model is the sidecar's.
func TestMiniLearning(t *testing.T) {
	t.Parallel() // it mostly waits
	c := newClassroom(t)
	// Kong's address is the same for all; the policy believes what it forwards.
	policy := "apiVersion: glacis/v1\nname: site\nsource: {trustedProxies: [127.0.0.0/8]}\n"
	config := strings.TrimSuffix(config, "}") + `,"policy":` + quoted(t, policy) + "}"
	signer := deliverytest.NewSigner(t)
	r := newRig(t, config, 1, "-sidecar", c.url, "-sidecar-public-key", c.key.Public().String(), "-model", "sidecar", "-model-key", signer.String())
	r.events.Await(t, "the sidecar runs its embedded model")
	sent := 0
	ask := func(source int, q string) map[string]any {
		t.Helper()
		sent++
		id := fmt.Sprintf("learning-%05d", sent)
		r.do(http.MethodGet, "/search?q="+url.QueryEscape(q), nil, "X-Request-Id", id, "X-Forwarded-For", fmt.Sprintf("10.%d.%d.7", source/200, source%200))
		var e map[string]any
		if err := json.Unmarshal([]byte(r.events.Await(t, id)), &e); err != nil {
			t.Fatal(err)
		}
		return e
	}
	wait := func(what string, ok func() bool) {
		t.Helper()
		for range 4000 {
			if ok() {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatalf("never came: %s after %d requests; %+v", what, sent, c.store.Counts())
	}
	if e := ask(1, manual); e["event.action"] != "block" {
		t.Fatalf("before: %v", e)
	}
	for range 6 {
		for source := range 40 {
			for i := range 4 {
				ask(source, []string{"red shoes", "blue hat", "socks", "gloves"}[i])
			}
			ask(source, manual)
		}
		c.settle()
		c.ahead.Add(int64(time.Minute))
	}
	wait("profile", func() bool { e := ask(77, manual); return e["event.action"] == "pass" && e["glacis.profile"] != nil })
	if e := ask(78, "1' UNION SELECT username,password FROM users-- "); e["event.action"] != "block" {
		t.Errorf("critical: %v", e)
	}
	archive := deliverytest.Archive(t, "8.3.0")
	m, err := signer.Trust(t).Open(&delivery.Package{Archive: archive, Signature: signer.Sign(archive)})
	if err != nil {
		t.Fatal(err)
	}
	c.model.Store(m)
	r.events.Await(t, "basic 8.3.0 is in force")
	if e := ask(79, manual); e["event.action"] != "pass" || e["glacis.model"] != "basic 8.3.0" {
		t.Errorf("with the sidecar's model: %v", e)
	}
}
