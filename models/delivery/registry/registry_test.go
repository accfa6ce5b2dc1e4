package registry

import (
	"crypto/elliptic"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
	"github.com/glacis-waf/glacis/models/delivery/registry/registrytest"
)

// signed opens a signed package.
func signed(t *testing.T, s *deliverytest.Signer, archive []byte) *delivery.Model {
	t.Helper()
	m, err := s.Trust(t).Open(&delivery.Package{Archive: archive, Signature: s.Sign(archive)})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func client(t *testing.T, location string) *Client {
	t.Helper()
	c, err := New(location, Options{UserAgent: "glacis-test"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestPushAndPull sends a model to a registry that wants a password and back.
func TestPushAndPull(t *testing.T) {
	home := t.TempDir()
	t.Setenv("DOCKER_CONFIG", home)
	r := registrytest.New(t)
	r.User, r.Password = "ann", "secret"
	location := Scheme + r.Host + "/waf/models:stable"
	signer := deliverytest.NewSigner(t)
	m := signed(t, signer, deliverytest.Archive(t, "2.0.0"))
	if _, err := client(t, location).Push(t.Context(), m); err == nil || strings.Contains(err.Error(), "secret") {
		t.Error("no password:", err)
	}
	config := `{"auths":{"` + r.Host + `":{"auth":"YW5uOnNlY3JldA=="}}}`
	if err := os.WriteFile(filepath.Join(home, "config.json"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	c := client(t, location)
	digest, err := c.Push(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := c.Push(t.Context(), m); err != nil || again != digest {
		t.Error(again, digest, err)
	}
	for _, where := range []string{location, Scheme + r.Host + "/waf/models@" + digest} {
		p, err := client(t, where).Pull(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		back, err := signer.Trust(t).Open(p)
		if err != nil || back.Digest != m.Digest || back.Signer == "" || p.Local || !strings.HasSuffix(p.Origin, digest) {
			t.Errorf("%s: %v, %+v", where, err, p.Origin)
		}
	}
	d, err := c.Describe(t.Context())
	if err != nil || d.Name != "basic" || d.Version != "2.0.0" || d.Created != m.Report.Created || d.Archive != m.Digest {
		t.Errorf("%+v, %v", d, err)
	}
	cosign := deliverytest.NewCosignSigner(t, elliptic.P256())
	trust := &delivery.Trust{}
	if err := trust.Add(cosign.Public(t)); err != nil {
		t.Fatal(err)
	}
	if m, err = trust.Open(&delivery.Package{Archive: m.Archive, Signature: cosign.Sign(t, m.Archive)}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Push(t.Context(), m); err != nil {
		t.Error(err)
	}
	if p, err := c.Pull(t.Context()); err != nil || delivery.SuffixOf(p.Signature) != delivery.CosignSuffix {
		t.Errorf("%v, %+v", err, p)
	} else if _, err := trust.Open(p); err != nil {
		t.Error(err)
	}
	m.Signature = nil
	if _, err := c.Push(t.Context(), m); err == nil {
		t.Error("pushed unsigned")
	}
	if _, err := client(t, Scheme+r.Host+"/waf/models:other").Pull(t.Context()); err == nil || !strings.Contains(err.Error(), "not found") {
		t.Error(err)
	}
	r.Change(func(_ string, blob []byte) []byte { return append([]byte("x"), blob[:len(blob)-1]...) })
	if _, err := c.Pull(t.Context()); err == nil {
		t.Error("pulled what was changed")
	}
}

// TestManifests has what a hostile registry may serve.
func TestManifests(t *testing.T) {
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	r := registrytest.New(t)
	c := client(t, Scheme+r.Host+"/models:1")
	const kind = "application/vnd.oci.image.manifest.v1+json"
	blob := r.SetBlob([]byte("x"))
	layer := func(kind string, size int, digest string) map[string]any {
		return map[string]any{"mediaType": kind, "size": size, "digest": digest}
	}
	good := []any{layer(ArchiveType, 1, blob), layer(SignatureType, 1, blob)}
	for _, c2 := range []struct {
		name, kind string
		layers     []any
		want       string
	}{
		{"good", ArtifactType, good, ""},
		{"an image", "application/vnd.example", good, "not that of a model"},
		{"no layers", ArtifactType, nil, "layers"},
		{"no signature", ArtifactType, good[:1], "layers"},
		{"turned round", ArtifactType, []any{good[1], good[0]}, "layers"},
		{"large", ArtifactType, []any{layer(ArchiveType, 1<<30, blob), good[1]}, "layer of 1073741824 bytes"},
		{"negative", ArtifactType, []any{good[0], layer(SignatureType, -1, blob)}, "layer of -1 bytes"},
		{"long signature", ArtifactType, []any{good[0], layer(SignatureType, 5000, blob)}, "layer of 5000 bytes"},
		{"digest", ArtifactType, []any{layer(ArchiveType, 1, "md5:0"), good[1]}, "SHA-256"},
	} {
		data, err := json.Marshal(map[string]any{"schemaVersion": 2, "mediaType": kind, "artifactType": c2.kind, "layers": c2.layers})
		if err != nil {
			t.Fatal(err)
		}
		r.SetManifest("1", kind, data)
		_, err = c.Describe(t.Context())
		if c2.want == "" && err != nil || c2.want != "" && (err == nil || !strings.Contains(err.Error(), c2.want)) {
			t.Errorf("%s: %v", c2.name, err)
		}
	}
	r.SetManifest("1", kind, make([]byte, maxManifest+1))
	if _, err := c.Describe(t.Context()); err == nil {
		t.Error("took a manifest beyond the bound")
	}
	r.SetManifest("1", kind, []byte("{"))
	if _, err := c.Describe(t.Context()); err == nil {
		t.Error("took half a manifest")
	}
}

func TestLocations(t *testing.T) {
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	for location, plain := range map[string]bool{"oci://registry.test/a/b:1": false, "oci://localhost:5000/a:1": true, "oci://[::1]:5000/a:1": true, "oci://127.0.0.1/a:1": true} {
		if c := client(t, location); c.String() != location || c.repo.PlainHTTP != plain {
			t.Error(location, c, c.repo.PlainHTTP)
		}
	}
	for _, location := range []string{"registry.test/a:1", "oci://", "oci://registry.test", "oci://registry.test/a", "oci://registry.test/A:1", "oci://x/y:z:"} {
		if c, err := New(location, Options{}); err == nil {
			t.Error(location, c)
		}
	}
}

func TestNewer(t *testing.T) {
	d := &Description{Name: "advanced", Version: "1.2.0", Archive: "a"}
	for _, c := range []struct {
		name, version, archive string
		want                   bool
	}{{"advanced", "1.2.0", "a", false}, {"advanced", "1.1.9", "b", true}, {"advanced", "1.2.0", "b", false}, {"advanced", "1.10.0", "b", false}, {"basic", "2.0.0", "b", true}} {
		if got := d.Newer(c.name, c.version, c.archive); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// TestPoll checks the times with a clock of its own.
func TestPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var at []time.Duration
		go poll(t.Context(), time.Hour, func() { at = append(at, time.Since(start)) })
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if len(at) < 21 || at[0] > 6*time.Minute {
			t.Fatal(at)
		}
		same := true
		for i := 1; i < len(at); i++ {
			gap := at[i] - at[i-1]
			if gap < 54*time.Minute || gap > 66*time.Minute {
				t.Error(gap)
			}
			same = same && gap == time.Hour
		}
		if same {
			t.Error("no jitter")
		}
	})
}
