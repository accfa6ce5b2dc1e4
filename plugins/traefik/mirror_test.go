package traefik

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// until waits for something that another goroutine does.
func until(t *testing.T, what string, done func() bool) {
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it never happened: " + what)
		}
	}
}

// TestMirror: the sidecar sees one in so many requests, as they were, whatever
// became of them, and nothing once the router is gone.
func TestMirror(t *testing.T) {
	p, s, c := serve(t, time.Second)
	defer s.Close()
	c.close()
	ctx, cancel := context.WithCancel(context.Background())
	up := &upstream{}
	h, err := New(ctx, up, &Config{Engine: "embedded", Sidecar: s.URL, SidecarTimeout: "10s", SidecarSample: 2, Log: "off"}, "test")
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"/a", "/b", "/c", hostile} {
		r := quickRequest(target, "application/x-www-form-urlencoded", "name=green+lamp")
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	seen := func() int { p.mu.Lock(); defer p.mu.Unlock(); return len(p.shown) }
	until(t, "two requests are shown", func() bool { return seen() == 2 })
	if !strings.Contains(p.shown[0], "POST /b HTTP/1.1\r\n") || !strings.HasSuffix(p.shown[0], "\r\n\r\nname=green+lamp") || !strings.Contains(p.shown[1], "POST "+hostile) {
		t.Errorf("shown %q", p.shown)
	}
	if up.reached != 3 || up.body != "name=green+lamp" {
		t.Errorf("the upstream got %d requests, the last with %q", up.reached, up.body)
	}
	made, ok := h.(*plugin)
	if !ok {
		t.Fatalf("New made a %T", h)
	}
	cancel()
	done := made.shared.done
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Error("the goroutine outlives its context")
	}
}

// TestMirrorAway: without a sidecar requests pass all the same, and what does not
// reach it is counted.
func TestMirrorAway(t *testing.T) {
	m := newMirror(newClient(&options{base: "http://127.0.0.1:1", timeout: time.Second}), 1)
	for i := 0; i < mirrored+10; i++ {
		m.offer(httptest.NewRequest("GET", "/", http.NoBody), true)
	}
	if len(m.queue) != mirrored || m.dropped != 10 {
		t.Errorf("%d wait, %d dropped", len(m.queue), m.dropped)
	}
	m.show(<-m.queue)
	if m.dropped != 11 {
		t.Errorf("%d dropped", m.dropped)
	}
}

// TestSidecarPolicy: the embedded engine takes the sidecar's policy, the next one
// too, and keeps the last while the sidecar is away.
func TestSidecarPolicy(t *testing.T) {
	p, s, c := serve(t, time.Second)
	defer s.Close()
	c.close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	config := Config{Engine: "embedded", Sidecar: s.URL, SidecarTimeout: "10s", SidecarPolicy: true, Log: "off"}
	h, err := New(ctx, &upstream{}, &config, "test")
	if err != nil {
		t.Fatal(err)
	}
	made, ok := h.(*plugin)
	if !ok {
		t.Fatalf("New made a %T", h)
	}
	code := func() int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", hostile, http.NoBody))
		return w.Code
	}
	if code() != 403 {
		t.Errorf("without a policy an attack gets %d", code())
	}
	set := func(mode string) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.rules = `{"apiVersion":"glacis/v1","name":"p","defaults":{"mode":"` + mode + `"}}`
	}
	set("detect")
	until(t, "mode detect holds", func() bool { return code() == 200 })
	set("prevent")
	until(t, "mode prevent holds", func() bool { return code() == 403 })
	s.Close()
	time.Sleep(rulesInterval + rulesInterval/2) // so that it was asked in vain
	if !strings.HasPrefix(named(made.shared.current()), "p@") {
		t.Error("without the sidecar its policy is gone")
	}
}
