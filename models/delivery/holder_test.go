package delivery_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
)

// TestHolder lets a file change: only what passes every check takes the place
// of what is in force.
func TestHolder(t *testing.T) {
	signer := deliverytest.NewSigner(t)
	first, second := deliverytest.Archive(t, "2.0.0"), deliverytest.Archive(t, "2.0.1")
	path := filepath.Join(t.TempDir(), "model.tgz")
	var used []string
	var refuse error
	h := delivery.NewHolder(signer.Trust(t), func(m *delivery.Model) error {
		used = append(used, m.Report.Model)
		return refuse
	})
	if err := h.Point(t.Context(), delivery.File(path)); !errors.Is(err, os.ErrNotExist) || h.Current() != nil {
		t.Error(err)
	}
	signer.Write(t, path, first)
	if err := h.Point(t.Context(), delivery.File(path)); err != nil {
		t.Fatal(err)
	}
	if s := h.Status(); s.Model != "basic 2.0.0" || s.Signer == "" || s.Origin != path || s.Error != "" || s.Loads != 1 || s.Failures != 1 {
		t.Errorf("%+v", s)
	}
	reports := make(chan error)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.Watch(ctx, time.Millisecond, func(err error) { reports <- err })
	}()
	deliverytest.Replace(t, path, second) // signed by nobody: the signature is the first one's
	if err := <-reports; err == nil || !strings.Contains(err.Error(), "does not match") {
		t.Error(err)
	}
	if s := h.Status(); s.Model != "basic 2.0.0" || s.Error == "" || s.Since.IsZero() {
		t.Errorf("%+v", s)
	}
	deliverytest.Replace(t, path+delivery.SignatureSuffix, signer.Sign(second))
	if err := <-reports; err != nil {
		t.Error(err)
	}
	if s := h.Status(); s.Model != "basic 2.0.1" || s.Error != "" || s.Loads != 2 {
		t.Errorf("%+v", s)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := <-reports; !errors.Is(err, os.ErrNotExist) || h.Current().Report.Model != "basic 2.0.1" {
		t.Error(err)
	}
	stop()
	<-done
	refuse = errors.New("no engine")
	signer.Write(t, path, first)
	if err := h.Reload(t.Context()); !errors.Is(err, refuse) || h.Current().Report.Model != "basic 2.0.1" {
		t.Error(err)
	}
	if len(used) != 3 {
		t.Error(used)
	}
}

// TestImplicit looks where nobody named a place: the store before the
// well-known path, which need not be there.
func TestImplicit(t *testing.T) {
	signer := deliverytest.NewSigner(t)
	trust := signer.Trust(t)
	root, dir := t.TempDir(), filepath.Join(t.TempDir(), "store")
	used := ""
	h := delivery.NewHolder(trust, func(m *delivery.Model) error {
		used = ""
		if m != nil {
			used = m.Report.Model
		}
		return nil
	})
	if err := h.Follow(t.Context(), delivery.Implicit(root, dir)); err != nil || h.Current() != nil {
		t.Error(err)
	}
	if err := h.Reload(t.Context()); err != nil {
		t.Error(err)
	}
	known := filepath.Join(root, delivery.WellKnownPath)
	deliverytest.Replace(t, known, deliverytest.Archive(t, "2.0.0"))
	if err := h.Reload(t.Context()); err == nil || h.Current() != nil {
		t.Error("taken without a signature", err)
	}
	signer.Write(t, known, deliverytest.Archive(t, "2.0.0"))
	if err := h.Reload(t.Context()); err != nil || used != "basic 2.0.0" {
		t.Error(used, err)
	}
	archive := deliverytest.Archive(t, "2.0.1")
	m, err := trust.Open(&delivery.Package{Archive: archive, Signature: signer.Sign(archive)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := delivery.OpenStore(dir).Install(m); err != nil {
		t.Fatal(err)
	}
	if err := h.Reload(t.Context()); err != nil || used != "basic 2.0.1" {
		t.Error(used, err)
	}
	if err := h.Follow(t.Context(), delivery.Implicit(t.TempDir(), "")); err != nil || used != "" || h.Current() != nil || h.Status().Model != "" {
		t.Error(used, err)
	}
}

func TestResolve(t *testing.T) {
	dir := t.TempDir()
	for location, want := range map[string]string{dir: dir, "model.tgz": "model.tgz", "http://127.0.0.1:9191": "http://127.0.0.1:9191/v1/model",
		"https://waf.test/v1/model": "https://waf.test/v1/model"} {
		s, err := delivery.Resolve(location, "")
		if err != nil || s.String() != want {
			t.Errorf("%s: %v, %v", location, s, err)
		}
	}
	for _, location := range []string{"oci://registry.test/models:1", "http://", "http://a:b@host", "http://host/other", "http://host/?q"} {
		if s, err := delivery.Resolve(location, ""); err == nil || strings.Contains(err.Error(), "a:b") {
			t.Errorf("%s: %v, %v", location, s, err)
		}
	}
}
