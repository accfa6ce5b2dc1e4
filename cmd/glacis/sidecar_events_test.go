package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/events"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
	"github.com/glacis-waf/glacis/models/delivery/registry/registrytest"
)

// hook is a webhook that counts what it is sent by observer and action.
type hook struct {
	mu   sync.Mutex
	seen map[string]int
}

func newHook(t *testing.T) (h *hook, sink string) {
	t.Helper()
	h = &hook{seen: map[string]int{}}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return h, "webhook+" + s.URL + "#linger=10ms"
}

// ServeHTTP implements http.Handler.
func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var batch []events.Members
	if err := json.NewDecoder(r.Body).Decode(&batch); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, m := range batch {
		h.seen[m.Text("observer.name")+" "+m.Text("event.action")]++
		if m.Text("glacis.update") != "" {
			h.seen[m.Text("glacis.update")]++
		}
	}
}

func (h *hook) count(what string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.seen[what]
}

// await waits until something was seen, and then makes sure that it was once.
func (h *hook) await(t *testing.T, what string) {
	t.Helper()
	for range 1500 {
		if n := h.count(what); n > 0 {
			if n != 1 {
				t.Errorf("%s: %d times", what, n)
			}
			return
		}
		waitABit()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	t.Fatalf("never: %s; seen %v", what, h.seen)
}

const sqliTarget = "/?q=1%27%20union%20select%20password%20from%20users--"

// What a proxy reports goes to the sidecar's sinks, to the latest events of both
// sidecars' interface and into the counters; what the sidecar inspects itself is
// not there twice.
func TestEventsOfAgentsReachTheSinks(t *testing.T) {
	upstream := httptest.NewServer(http.NotFoundHandler())
	defer upstream.Close()
	h, sink := newHook(t)
	addresses, _ := startSidecar(t, "--store", t.TempDir(), "--event-sink", sink)
	said := startProxy(t, "--upstream", upstream.URL, "--sidecar", addresses[0], "--log", "off")
	visit(t, "http://"+said["listen"]+sqliTarget)
	visit(t, "http://"+addresses[0]+"/v1/authz/envoy"+sqliTarget)
	h.await(t, "glacis/proxy block")
	h.await(t, "envoy/ext_authz-http block")
	for !strings.Contains(visit(t, "http://"+addresses[0]+"/v1/events?action=block"), `"last":2`) {
		waitABit()
	}
	if n := h.count("envoy/ext_authz-http block"); n != 1 {
		t.Errorf("an event of the sidecar's own was written %d times", n)
	}
	if text := visit(t, "http://"+addresses[0]+"/metrics"); !strings.Contains(text, "glacis_agent_events_received_total 1\n") {
		t.Error(text)
	}
}

// A sidecar that learns nothing takes events all the same, and shows its own.
func TestEventsWithoutStore(t *testing.T) {
	h, sink := newHook(t)
	addresses, _ := startSidecar(t, "--event-sink", sink, "--agent-events=false")
	visit(t, "http://"+addresses[0]+"/v1/authz/envoy"+sqliTarget)
	res, err := http.Post("http://"+addresses[0]+"/v1/events", "application/x-ndjson", strings.NewReader(`{"event.version":1,"observer.name":"other","event.action":"block"}`))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	h.await(t, "envoy/ext_authz-http block")
	if text := visit(t, "http://"+addresses[0]+"/v1/events"); res.StatusCode != http.StatusNoContent || strings.Count(text, `"event.action":"block"`) != 2 {
		t.Error(res.Status, text)
	}
	if n := h.count("other block"); n != 0 {
		t.Error("an event of an agent went to the sinks in spite of --agent-events=false")
	}
}

// A newer model in the registry is told to the webhook by proxy and sidecar.
func TestModelNoticeReachesTheSinks(t *testing.T) {
	at(t)
	signer, r := deliverytest.NewSigner(t), registrytest.New(t)
	where, file := "oci://"+r.Host+"/waf/model:stable", filepath.Join(t.TempDir(), "model.tgz")
	signer.Write(t, file, deliverytest.Archive(t, "9.0.0"))
	glacis(t, "model", "push", "--model-key", signer.String(), file, where)
	h, sink := newHook(t)
	upstream := httptest.NewServer(http.NotFoundHandler())
	defer upstream.Close()
	args := []string{"--event-sink", sink, "--model-registry", where, "--model-poll", "1m"}
	startSidecar(t, args...)
	startProxy(t, append(args, "--upstream", upstream.URL)...)
	h.await(t, "glacis/sidecar notice")
	h.await(t, "glacis/proxy notice")
	if n := h.count("basic 9.0.0"); n != 2 {
		t.Errorf("%d notices name the newer model: %v", n, h.seen)
	}
	var out strings.Builder
	line := (&events.Notice{Kind: events.NoticeModelUpdate, Message: "a newer model is available: basic 9.0.0"}).Line(time.Now())
	if status := run(t.Context(), []string{"logs", "--action", "notice"}, strings.NewReader(string(line)), &out, io.Discard); status != exitOK || !strings.Contains(out.String(), "notice      a newer model is available: basic 9.0.0") {
		t.Error(status, out.String())
	}
}
