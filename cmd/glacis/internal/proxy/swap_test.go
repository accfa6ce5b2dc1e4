package proxy

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/models"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
	"github.com/glacis-waf/glacis/models/shadow"
)

// engineOf makes an engine of an archive; nil is the embedded model.
func engineOf(t *testing.T, archive []byte) *core.Engine {
	t.Helper()
	var cfg core.Config
	if archive != nil {
		m, _, err := models.Check(archive)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Model = m
	}
	e, err := core.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestSwapUnderLoad replaces the model again and again while requests with
// bodies of several blocks are under way: every one is answered, and those
// without an attack by the upstream.
func TestSwapUnderLoad(t *testing.T) {
	list := []*Active{NewActive(engineOf(t, nil), 1), NewActive(engineOf(t, deliverytest.Archive(t, "2.0.0")), 2), NewActive(engineOf(t, deliverytest.Blind(t, "3.0.0")), 3)}
	policies := &Policies{}
	policies.Set(list[0])
	var got atomic.Int64
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		n, _ := io.Copy(io.Discard, req.Body)
		got.Add(n)
	}, func(c *Config) { c.Inspector = policies })
	const clients, requests = 8, 60
	body := strings.Repeat("blue shoes and ", 5000) // 75 KB
	var refused, passed, swaps atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	var swapping, sending sync.WaitGroup
	swapping.Go(func() {
		for ctx.Err() == nil {
			policies.Set(list[swaps.Add(1)%int64(len(list))])
		}
	})
	for range clients {
		sending.Go(func() {
			for i := range requests {
				method, target, text := "POST", "/", body
				if i%3 == 0 {
					method, target, text = "GET", "/?q="+attack, ""
				}
				req, err := http.NewRequestWithContext(t.Context(), method, r.url+target, strings.NewReader(text))
				if err != nil {
					t.Error(err)
					return
				}
				res, err := http.DefaultClient.Do(req)
				if err != nil {
					t.Errorf("request lost: %v", err)
					continue
				}
				_, _ = io.Copy(io.Discard, res.Body)
				res.Body.Close()
				switch {
				case res.StatusCode == http.StatusOK:
					passed.Add(1)
				case res.StatusCode == http.StatusForbidden && method == "GET":
					refused.Add(1)
				default:
					t.Errorf("%s %s: status %d", method, target, res.StatusCode)
				}
			}
		})
	}
	sending.Wait()
	stop()
	swapping.Wait()
	if passed.Load()+refused.Load() != clients*requests || refused.Load() == 0 || swaps.Load() < 10 {
		t.Errorf("%d passed, %d refused of %d, %d swaps", passed.Load(), refused.Load(), clients*requests, swaps.Load())
	}
	if want := int64(clients * requests / 3 * 2 * len(body)); got.Load() != want {
		t.Errorf("the upstream got %d bytes of %d", got.Load(), want)
	}
}

// TestSwapKeepsLimits checks that a rate limit goes on counting when only the
// model changes.
func TestSwapKeepsLimits(t *testing.T) {
	a := active(t, sitePolicy)
	policies := &Policies{}
	policies.Set(a)
	e, err := core.New(core.Config{Policy: a.policy})
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, echo, func(c *Config) { c.Inspector = policies })
	r.want(r.host("GET", "x.test", "/login"), "200", "")
	r.want(r.host("GET", "x.test", "/login"), "200", "")
	policies.Set(NewActive(e, 9))
	r.want(r.host("GET", "x.test", "/login"), "429", "")
	policies.Set(active(t, sitePolicy))
	r.want(r.host("GET", "x.test", "/login"), "200", "")
}

// TestShadow compares what the proxy saw, bodies in blocks and sources
// included, with a model that finds nothing; its answers stay as they are.
func TestShadow(t *testing.T) {
	s, err := shadow.New(shadow.Config{Sample: 1})
	if err != nil {
		t.Fatal(err)
	}
	s.SetEngine(engineOf(t, deliverytest.Blind(t, "3.0.0")))
	policies := &Policies{Shadow: s}
	policies.Set(NewActive(engineOf(t, nil), 1))
	r := newRig(t, echo, func(c *Config) { c.Inspector = policies })
	ctx, stop := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	wait.Go(func() { s.Run(ctx) })
	const form = "application/x-www-form-urlencoded"
	r.wantStatus(200, "GET", "/?q=shoes", "")
	r.wantStatus(403, "GET", "/?q="+attack, "", "X-Request-Id", "in-the-query")
	r.wantStatus(403, "POST", "/", "a="+strings.Repeat("nice+shoes+", 4000)+"&b="+attack, "Content-Type", form, "X-Request-Id", "in-the-body")
	eventually(t, "compared", func() bool { return s.Report().Compared == 3 })
	stop()
	wait.Wait()
	rep := s.Report()
	if rep.Passes != 2 || len(rep.Differences) != 2 {
		t.Fatalf("%+v", rep)
	}
	for i, want := range []string{"in-the-query", "in-the-body"} {
		if d := rep.Differences[i]; d.RequestID != want || d.Old.Action != "block" || d.New.Score != 0 {
			t.Errorf("%+v", d)
		}
	}
	// the same model sees the same: what is copied is what was shown
	s.SetEngine(engineOf(t, nil))
	ctx, stop = context.WithCancel(t.Context())
	wait.Go(func() { s.Run(ctx) })
	r.wantStatus(403, "POST", "/x", "b="+attack, "Content-Type", form, "Cookie", "a=b")
	eventually(t, "compared", func() bool { return s.Report().Compared == 4 })
	stop()
	wait.Wait()
	if rep := s.Report(); len(rep.Differences) != 2 {
		t.Errorf("%+v", rep.Differences)
	}
}
