package delivery_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
)

// TestPlaces: a flag counts before the environment, that before the well-known
// paths; only the well-known keys always count.
func TestPlaces(t *testing.T) {
	root, dir := t.TempDir(), t.TempDir()
	flag, env, known := deliverytest.NewSigner(t), deliverytest.NewSigner(t), deliverytest.NewSigner(t)
	put := func(path string, s *deliverytest.Signer) string {
		deliverytest.Replace(t, path, []byte(s.String()+"\n"))
		return path
	}
	put(filepath.Join(root, delivery.WellKnownKeys, "a.pub"), known)
	for name, value := range map[string]string{delivery.EnvRoot: root, delivery.EnvModel: "env.tgz", delivery.EnvStore: "", delivery.EnvUnsigned: "1",
		delivery.EnvKey: put(filepath.Join(dir, "env.pub"), env)} {
		t.Setenv(name, value)
	}
	for _, c := range []struct {
		places          delivery.Places
		location, store string
		keys            []*deliverytest.Signer
	}{
		{delivery.Places{}, "env.tgz", filepath.Join(root, delivery.WellKnownStore), []*deliverytest.Signer{env, known}},
		{delivery.Places{Model: "flag.tgz", Store: "there", Keys: []string{flag.String()}}, "flag.tgz", "there", []*deliverytest.Signer{flag, known}},
	} {
		trust, err := c.places.Trust()
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, s := range c.keys {
			want = append(want, delivery.KeyID(s.ID()))
		}
		if !slices.Equal(trust.Keys(), want) || !trust.AllowUnsigned {
			t.Errorf("%q, want %q", trust.Keys(), want)
		}
		if c.places.Location() != c.location || c.places.StoreDir() != c.store {
			t.Errorf("%s in %s", c.places.Location(), c.places.StoreDir())
		}
		if s := c.places.Implicit().String(); s != c.store+", "+filepath.Join(root, delivery.WellKnownPath) {
			t.Error(s)
		}
	}
	t.Setenv(delivery.EnvStore, "stored")
	if dir := (delivery.Places{}).StoreDir(); dir != "stored" {
		t.Error(dir)
	}
	if _, err := (delivery.Places{Keys: []string{"nowhere"}}).Trust(); err == nil || !strings.Contains(err.Error(), "neither a public key nor a file") {
		t.Error(err)
	}
}
