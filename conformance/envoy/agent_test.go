package envoy

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance/envoy/host"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
	"github.com/glacis-waf/glacis/sidecar/api"
	"github.com/glacis-waf/glacis/sidecar/batch"
	"github.com/glacis-waf/glacis/sidecar/signing"
)

// TestSidecarComesAndGoes: while the sidecar is away or broken, requests are
// decided and observations wait within bounds; the same batch is sent until it
// has arrived; what is lost is counted.
func TestSidecarComesAndGoes(t *testing.T) {
	c := newClassroom(t)
	p := c.plugin(`,"sendEvents":true,"log":"all"`)
	c.tick(p)
	good := c.handler
	var batches []string
	status := 0
	c.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/observations" {
			var body bytes.Buffer
			_, _ = body.ReadFrom(r.Body) // a buffer
			batches = append(batches, body.String()[:batch.HeadSize])
		}
		w.WriteHeader(status)
	})
	for _, status = range []int{500, 401, 429, 503} {
		if e := c.ask(p, 1, search(attack, "1")); e["event.action"] != "block" {
			t.Fatalf("status %d: %v", status, e)
		}
		c.advance(20 * time.Second)
		c.tick(p)
	}
	if len(batches) != 4 || batches[0] != batches[3] {
		t.Errorf("batches %q", batches)
	}
	for range 9000 {
		c.ask(p, 1, search("shoes", "1"))
	}
	dropped := c.vm.Metrics["glacis.observations_dropped"]
	if dropped == 0 || c.vm.Metrics["glacis.sidecar_failures"] < 8 {
		t.Errorf("metrics %v", c.vm.Metrics)
	}
	before := c.vm.Memory()
	for range 3000 {
		c.ask(p, 1, search("shoes", "1"))
	}
	if c.vm.Memory() != before {
		t.Errorf("%d bytes became %d", before, c.vm.Memory())
	}
	c.handler = good
	c.advance(20 * time.Second)
	c.eventually(p, "all that was kept", func() bool {
		return int64(c.store.Counts().Records) == c.vm.Metrics["glacis.observations"]
	})
	status, c.handler = 413, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
	dropped = c.vm.Metrics["glacis.observations_dropped"]
	c.ask(p, 1, search("shoes", "1"))
	c.advance(20 * time.Second)
	c.tick(p)
	if c.vm.Metrics["glacis.observations_dropped"] != dropped+1 {
		t.Error("what the sidecar does not want is not dropped and counted")
	}
}

// TestEventsArrive: findings get to the sidecar, with log off too.
func TestEventsArrive(t *testing.T) {
	c := newClassroom(t)
	p := c.plugin(`,"sendEvents":true,"log":"off"`)
	s := begin(t, p)
	must(t, s.Headers(get("/?id="+strings.ReplaceAll(attack, " ", "+")), true), s.Close())
	c.advance(2 * time.Second)
	c.tick(p)
	var body string
	c.eventually(p, "event", func() bool {
		body = c.answer(&host.Call{Headers: [][2]string{{":method", "GET"}, {":path", "/v1/events?action=block"}, {"authorization", "Bearer " + token}}}).Body.String()
		return strings.Contains(body, "envoy/wasm")
	})
	if len(c.vm.Logs) > 0 && strings.Contains(c.vm.Logs[len(c.vm.Logs)-1].Text, "event.id") {
		t.Errorf("logged: %v", c.vm.Logs)
	}
}

// TestForgedProfiles: nothing but what the sidecar's key has signed is taken.
func TestForgedProfiles(t *testing.T) {
	c := newClassroom(t)
	p := c.plugin("")
	c.tick(p)
	data, err := profile.Encode(&profile.Content{Generation: 9, Assets: []profile.Asset{{Name: "a", Host: "*"}}})
	if err != nil {
		t.Fatal(err)
	}
	other, err := signing.LoadKey(filepath.Join(t.TempDir(), "other"))
	if err != nil {
		t.Fatal(err)
	}
	answer, signature := data, ""
	c.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/profile" {
			w.WriteHeader(503)
			return
		}
		w.Header().Set("ETag", `"x"`)
		w.Header().Set(api.SignatureHeader, signature)
		_, _ = w.Write(answer) // a recorder
	})
	torn := data[:len(data)-1]
	for i, bad := range []struct {
		data      []byte
		signature string
	}{{data, ""}, {data, other.Sign(data)}, {data, c.key.SignModel(data)}, {torn, c.key.Sign(data)}, {torn, c.key.Sign(torn)}, {bytes.Repeat(data, 16<<20/len(data)), c.key.Sign(data)}} {
		answer, signature = bad.data, bad.signature
		c.advance(20 * time.Second)
		c.tick(p)
		if c.vm.Metrics["glacis.profile_update_failures"] != int64(i+1) || c.vm.Metrics["glacis.profile_updates"] != 0 {
			t.Fatalf("%d: metrics %v, log %v", i, c.vm.Metrics, c.vm.Logs)
		}
	}
	answer, signature = data, c.key.Sign(data)
	c.advance(20 * time.Second)
	c.tick(p)
	if c.vm.Metrics["glacis.profile_updates"] != 1 {
		t.Errorf("metrics %v, log %v", c.vm.Metrics, c.vm.Logs)
	}
}

// TestModelFromSidecar: a model is taken, kept while it is the newest, changed,
// and given up for the built-in one when the sidecar does.
func TestModelFromSidecar(t *testing.T) {
	c := newClassroom(t)
	p := c.plugin(`,"pollSeconds":5`)
	use := func(archive []byte, digest string) {
		c.model = nil
		if archive != nil {
			c.model = &delivery.Model{Package: &delivery.Package{Archive: archive}, Digest: digest}
		}
		c.advance(6 * time.Second)
		c.tick(p)
	}
	blocks := func() bool { return c.ask(p, 1, search(attack, "1"))["event.action"] == "block" }
	if !blocks() {
		t.Error("the built-in model does not block")
	}
	use(deliverytest.Blind(t, "3.0.0"), "a")
	if c.vm.Metrics["glacis.model_updates"] != 1 {
		t.Fatalf("metrics %v, log %v", c.vm.Metrics, c.vm.Logs)
	}
	s := begin(t, p)
	must(t, s.Headers(search(attack, "1"), true), s.Close())
	if s.Response != nil {
		t.Error("the blind model is not in force")
	}
	use(deliverytest.Blind(t, "3.0.0"), "a")
	use([]byte("torn"), "b")
	if c.vm.Metrics["glacis.model_updates"] != 1 || c.vm.Metrics["glacis.model_update_failures"] != 1 {
		t.Errorf("metrics %v", c.vm.Metrics)
	}
	c.advance(20 * time.Second)
	use(deliverytest.Archive(t, "3.0.1"), "c")
	if c.vm.Metrics["glacis.model_updates"] != 2 || !blocks() {
		t.Errorf("metrics %v", c.vm.Metrics)
	}
	use(nil, "")
	if !blocks() || c.vm.Metrics["glacis.model_update_failures"] != 1 {
		t.Errorf("metrics %v", c.vm.Metrics)
	}
	good := c.handler
	c.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		forged := httptest.NewRecorder()
		good.ServeHTTP(forged, r)
		forged.Header().Set(api.SignatureHeader, c.key.Sign(forged.Body.Bytes()))
		w.Header().Set(api.SignatureHeader, forged.Header().Get(api.SignatureHeader))
		w.WriteHeader(forged.Code)
		_, _ = w.Write(forged.Body.Bytes()) // a recorder
	})
	use(deliverytest.Blind(t, "4.0.0"), "d")
	if !blocks() || c.vm.Metrics["glacis.model_updates"] != 2 {
		t.Error("a model without the sidecar's signature was taken")
	}
}
