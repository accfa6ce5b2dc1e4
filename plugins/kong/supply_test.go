package kong

import (
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
	"github.com/glacis-waf/glacis/sidecar/api"
)

// said waits for a text in the log.
func (r *rig) said(text string) {
	r.Helper()
	for range 4000 {
		if strings.Contains(r.events.String(), text) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	r.Fatalf("never %q in:\n%s", text, r.events)
}

// TestModelFile: the process takes a signed model from a file, changes it while
// requests are served, and keeps it when the next one is no good.
func TestModelFile(t *testing.T) {
	signer := deliverytest.NewSigner(t)
	file := filepath.Join(t.TempDir(), "model.tgz")
	signer.Write(t, file, deliverytest.Blind(t, "7.0.0"))
	r := newRig(t, `{"log":"all","cache":true}`, Options{CacheBytes: 1 << 20, Models: Models{Place: file, Trust: signer.Trust(t)}})
	r.said("basic 7.0.0 is in force, signed by " + delivery.KeyID(signer.ID()))
	for range 3 { // by the cache as well
		r.wantStatus(0, get(attack, "model-file-1"))
	}
	if e := r.event("model-file-1"); e["glacis.model"] != "basic 7.0.0" {
		t.Errorf("event %v", e)
	}
	signer.Write(t, file, deliverytest.Archive(t, "7.0.1"))
	r.said("basic 7.0.1 is in force")
	r.wantStatus(403, get(attack, "model-file-2"))
	deliverytest.Replace(t, file, deliverytest.Blind(t, "7.0.2")) // with the signature of the one before
	r.said("refused, basic 7.0.1 stays in force: ")
	r.said("signature: does not match")
	r.wantStatus(403, get(attack, "model-file-3"))
	if s := r.server.state(); s.Model != "basic 7.0.1" || s.ModelType != "basic" || !strings.Contains(s.ModelError, "does not match") {
		t.Errorf("%+v", s)
	}
}

// TestModelSwap changes the model again and again under load: every request is
// answered, by one of both.
func TestModelSwap(t *testing.T) {
	r := newRig(t, `{"log":"off"}`, Options{})
	signer := deliverytest.NewSigner(t)
	var models []*delivery.Model
	for _, archive := range [][]byte{deliverytest.Blind(t, "7.1.1"), deliverytest.Archive(t, "7.1.0")} {
		m, err := signer.Trust(t).Open(&delivery.Package{Archive: archive, Signature: signer.Sign(archive)})
		if err != nil {
			t.Fatal(err)
		}
		models = append(models, m)
	}
	var all sync.WaitGroup
	var passed, refused, other atomic.Int64
	stop := make(chan struct{})
	for range 4 {
		all.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				switch o, err := r.kong.Access(get(attack, "model-swap-1")); {
				case err != nil || o.Status != 0 && o.Status != 403:
					other.Add(1)
				case o.Status == 0:
					passed.Add(1)
				default:
					refused.Add(1)
				}
			}
		})
	}
	usual := r.server.policies.models.acquire("")
	for i := 0; i < 40 || passed.Load() == 0 || refused.Load() == 0; i++ {
		if err := r.server.policies.supplied(usual, models[i%2].Tables); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Millisecond)
	}
	close(stop)
	all.Wait()
	if other.Load() > 0 || r.kong.Retries.Load() > 0 {
		t.Errorf("%d passed, %d refused, %d lost, %d connections lost", passed.Load(), refused.Load(), other.Load(), r.kong.Retries.Load())
	}
}

// TestModelOfEntity: a plugin has a model of its own beside the process's, and
// gives it back.
func TestModelOfEntity(t *testing.T) {
	signer := deliverytest.NewSigner(t)
	file := filepath.Join(t.TempDir(), "model.tgz")
	signer.Write(t, file, deliverytest.Blind(t, "7.2.0"))
	r := newRig(t, "{}", Options{Models: Models{Trust: signer.Trust(t)}})
	r.wantStatus(403, get(attack, "model-entity"))
	ps := r.server.policies
	for range 2 {
		s, err := ParseSettings([]byte(fmt.Sprintf(`{"model":%q}`, file)))
		if err != nil {
			t.Fatal(err)
		}
		e, err := ps.acquire(s, "")
		if err != nil {
			t.Fatal(err)
		}
		if name := e.rules.Load().inspector.Model(); name != "basic 7.2.0" {
			t.Error(name)
		}
		if ps.count() != 3 || len(ps.models.known) != 2 {
			t.Errorf("%d entities, %d supplies", ps.count(), len(ps.models.known))
		}
		ps.release(e)
		if len(ps.models.known) != 1 {
			t.Error("a supply is left")
		}
	}
	r.wantStatus(403, get(attack, "model-entity"))
}

// TestModelRefused: what is named and no good is told of; the embedded model
// serves, for Kong has no use for a plugin server that does not start.
func TestModelRefused(t *testing.T) {
	signer := deliverytest.NewSigner(t)
	file := filepath.Join(t.TempDir(), "model.tgz")
	deliverytest.Replace(t, file, deliverytest.Blind(t, "7.3.0"))
	for want, m := range map[string]Models{
		"not signed":                   {Place: file, Trust: signer.Trust(t)},
		"no such file":                 {Place: "/nowhere/model.tgz", Trust: signer.Trust(t)},
		"pull it first":                {Place: "oci://registry.test/model:1"},
		"there is no sidecar":          {Place: fromSidecar},
		"connect: connection refused":  {Place: "http://127.0.0.1:1", Trust: signer.Trust(t)},
		"want http:// or https://host": {Place: "http://"},
	} {
		r := newRig(t, "{}", Options{Models: m})
		r.said(want)
		r.said("refused, the embedded one stays in force")
		r.wantStatus(403, get(attack, "model-refused"))
		if s := r.server.state(); !strings.Contains(s.ModelError, want) {
			t.Errorf("%s: %+v", want, s)
		}
	}
	r := newRig(t, "{}", Options{Models: Models{Place: file, Trust: signer.Trust(t), Vouched: &delivery.Trust{AllowUnsigned: true}}})
	r.said("basic 7.3.0 is in force, not signed")
	r.wantStatus(0, get(attack, "model-vouched"))
}

// TestModelImplicit: nothing is named and nothing there, which nobody minds;
// later something is.
func TestModelImplicit(t *testing.T) {
	signer, root := deliverytest.NewSigner(t), t.TempDir()
	r := newRig(t, "{}", Options{Models: Models{Trust: signer.Trust(t), Implicit: delivery.Implicit(root, "")}})
	r.wantStatus(403, get(attack, "model-known"))
	if text := r.events.String(); strings.Contains(text, `"message":"model`) {
		t.Error(text)
	}
	signer.Write(t, filepath.Join(root, delivery.WellKnownPath), deliverytest.Blind(t, "7.4.0"))
	r.said("basic 7.4.0 is in force")
	r.wantStatus(0, get(attack, "model-known"))
}

// TestModelFromSidecar: over the connection of the agent, with its token, and
// checked here once more.
func TestModelFromSidecar(t *testing.T) {
	signer := deliverytest.NewSigner(t)
	var current atomic.Pointer[delivery.Model]
	const token = "0123456789abcdef"
	sidecar := httptest.NewServer(api.New(token, api.Model(current.Load)))
	t.Cleanup(sidecar.Close)
	serve := func(version string, by *deliverytest.Signer) {
		archive := deliverytest.Blind(t, version)
		current.Store(&delivery.Model{Package: &delivery.Package{Archive: archive, Signature: by.Sign(archive)}, Digest: version})
	}
	r := newRig(t, "{}", Options{Models: Models{Place: fromSidecar, Trust: signer.Trust(t)},
		Sidecar: agent.Config{Sidecar: sidecar.URL, Token: token, Log: quiet()}})
	r.said("the sidecar runs its embedded model")
	r.wantStatus(403, get(attack, "model-sidecar"))
	serve("7.5.0", signer)
	r.said("basic 7.5.0 is in force")
	r.wantStatus(0, get(attack, "model-sidecar"))
	serve("7.5.1", deliverytest.NewSigner(t))
	r.said("refused, basic 7.5.0 stays in force: the sidecar: signature: made by key")
}
