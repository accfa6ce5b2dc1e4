package shadow

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/models"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
)

func engines(t *testing.T) (was, blind *core.Engine) {
	t.Helper()
	was, err := core.New(core.Config{})
	if err != nil {
		t.Fatal(err)
	}
	m, _, err := models.Check(deliverytest.Blind(t, "9.0.0"))
	if err != nil {
		t.Fatal(err)
	}
	if blind, err = core.New(core.Config{Model: m}); err != nil {
		t.Fatal(err)
	}
	return was, blind
}

func newShadow(t *testing.T, cfg Config, log *bytes.Buffer) *Shadow {
	t.Helper()
	cfg.Log = slog.New(slog.NewTextHandler(log, nil))
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// send shows a request to an engine and the shadow, as a gateway does.
func send(s *Shadow, e *core.Engine, id, uri, body string) {
	c := s.Begin()
	c.Source("192.0.2.1")
	c.RequestLine("POST", uri)
	c.Header("Host", "shop.test")
	c.Body([]byte(body))
	c.Trailer("X-Trailer", "x")
	v := e.Inspect(&core.Request{Method: "POST", URI: uri, Body: []byte(body)})
	c.End(id, v, true)
}

const attack = "/?q=1%27%20union%20select%20password%20from%20users--"

// TestShadow compares with a model that finds nothing.
func TestShadow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		was, blind := engines(t)
		var log bytes.Buffer
		s := newShadow(t, Config{Sample: 1, MaxBytes: 4096}, &log)
		send(s, was, "before", attack, "") // there is no engine yet
		s.SetEngine(blind)
		ctx, stop := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		wait.Go(func() { s.Run(ctx) })
		send(s, was, "harmless", "/", "shoes=blue")
		send(s, was, "attack", attack, "")
		send(s, was, "long", attack, strings.Repeat("x", 5000))
		synctest.Wait()
		stop()
		wait.Wait()
		r := s.Report()
		if r.Model != "basic 9.0.0" || r.Sampled != 3 || r.Compared != 2 || r.Partial != 1 || r.Passes != 1 || r.Blocks != 0 || len(r.Differences) != 1 {
			t.Fatalf("%+v", r)
		}
		d := r.Differences[0]
		if d.RequestID != "attack" || d.Old.Action != "block" || d.New.Action != "pass" || d.New.Model != "basic 9.0.0" || d.Old.Location != "query.q" {
			t.Errorf("%+v", d)
		}
		if text := log.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, "request_id=attack") || !strings.Contains(text, "old.family=sqli") {
			t.Error(text)
		}
		if problems, err := testutil.CollectAndLint(s.Metrics()); err != nil || len(problems) > 0 {
			t.Error(problems, err)
		}
		want := "# HELP glacis_shadow_differences_total Compared requests whose action would change, by what the shadow model would do.\n" +
			"# TYPE glacis_shadow_differences_total counter\nglacis_shadow_differences_total{action=\"block\"} 0\nglacis_shadow_differences_total{action=\"pass\"} 1\n"
		if err := testutil.CollectAndCompare(s.Metrics(), strings.NewReader(want), "glacis_shadow_differences_total"); err != nil {
			t.Error(err)
		}
	})
}

// TestBounds fills the queue, the copies, the list of differences and the log.
func TestBounds(t *testing.T) {
	was, blind := engines(t)
	var log bytes.Buffer
	s := newShadow(t, Config{Sample: 1, Queue: 2, Copies: 3}, &log)
	s.SetEngine(blind)
	for range 5 { // nobody works
		send(s, was, "x", "/", "")
	}
	if r := s.Report(); r.Sampled != 5 || r.Dropped != 3 {
		t.Errorf("%+v", r)
	}
	var open []*Copy
	for range 5 {
		open = append(open, s.Begin())
	}
	if open[2] == nil || open[3] != nil {
		t.Error("copies are not bounded")
	}
	for _, c := range open {
		c.End("x", core.Verdict{}, false)
	}
	if r := s.Report(); r.Sampled != 10 || r.Dropped != 5 || r.Partial != 3 {
		t.Errorf("%+v", r)
	}
	v := core.Verdict{Confidence: core.ConfidenceHigh, Action: core.Block}
	for i := range 2 * KeptDifferences {
		s.tally.add(fmt.Sprint(i), &core.Verdict{}, &v)
	}
	r := s.Report()
	if len(r.Differences) != KeptDifferences || r.Differences[0].RequestID != "100" || r.Differences[99].RequestID != "199" || r.Blocks != 200 {
		t.Errorf("%d differences: %+v", len(r.Differences), r.Differences[0])
	}
	if n := strings.Count(log.String(), "\n"); n != DifferencesPerMinute {
		t.Errorf("%d log records", n)
	}
	s.SetEngine(nil)
	if s.Begin() != nil || (*Shadow)(nil).Begin() != nil {
		t.Error("a copy without an engine")
	}
}

// TestPanic ends nothing but the comparison.
func TestPanic(t *testing.T) {
	var log bytes.Buffer
	s := newShadow(t, Config{Sample: 1}, &log)
	e, err := core.New(core.Config{Decompressors: map[string]core.NewDecompressor{"boom": func() core.Decompressor { panic("boom") }}})
	if err != nil {
		t.Fatal(err)
	}
	s.SetEngine(e)
	s.compare(&Copy{shadow: s, request: core.Request{Method: "POST", URI: "/", Body: []byte("x"),
		Headers: []core.Header{{Name: "Content-Encoding", Value: "boom"}}}})
	if r := s.tally.report(); r.Failed != 1 || !strings.Contains(log.String(), "panicked") {
		t.Errorf("%+v %s", r, &log)
	}
}

// TestLearn judges with the engine that learning gives.
func TestLearn(t *testing.T) {
	was, blind := engines(t)
	s := newShadow(t, Config{Sample: 1}, &bytes.Buffer{})
	s.SetEngine(blind)
	s.Learn(func(e *core.Engine) *core.Engine {
		if e != blind {
			t.Error("another engine")
		}
		return was
	})
	s.compare(&Copy{shadow: s, request: core.Request{Method: "GET", URI: attack}, verdict: was.Inspect(&core.Request{Method: "GET", URI: attack})})
	if r := s.Report(); r.Compared != 1 || len(r.Differences) != 0 || r.Model != "basic 9.0.0" {
		t.Errorf("%+v", r)
	}
}

// TestSample takes about the share it is told to.
func TestSample(t *testing.T) {
	was, blind := engines(t)
	s := newShadow(t, Config{Sample: 0.25}, &bytes.Buffer{})
	s.SetEngine(blind)
	for range 2000 {
		send(s, was, "x", "/", "")
	}
	if n := s.Report().Sampled; n < 350 || n > 650 { // ± 7.7 standard deviations
		t.Error(n)
	}
	for _, cfg := range []Config{{Sample: -1}, {Sample: 2}, {Sample: math.NaN()}, {MaxBytes: -1}, {Queue: -1}} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%+v", cfg)
		}
	}
}
