package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
	"github.com/glacis-waf/glacis/models/delivery/registry/registrytest"
)

// TestSidecarModel has a proxy take its model from a sidecar and follow it. The
// proxy checks the signature itself: another key than the sidecar's is refused.
func TestSidecarModel(t *testing.T) {
	at(t)
	signer, stranger := deliverytest.NewSigner(t), deliverytest.NewSigner(t)
	dir := t.TempDir()
	file, token := filepath.Join(dir, "model.tgz"), filepath.Join(dir, "token")
	signer.Write(t, file, deliverytest.Archive(t, "1.5.0"))
	put(t, token, "0123456789abcdef\n")
	var log output
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan int)
	go func() {
		done <- run(ctx, []string{"sidecar", "--http", "127.0.0.1:0", "--grpc", "", "--model", file, "--model-key", signer.String(), "--token-file", token},
			strings.NewReader(""), io.Discard, &log)
	}()
	defer func() {
		stop()
		if got := <-done; got != exitOK {
			t.Errorf("exit status %d: %s", got, &log)
		}
	}()
	base := "http://" + log.await(t, `"addresses":\["([^"]+)"`)
	refused(t, "status 401", "proxy", "--upstream", "http://127.0.0.1:1", "--model", base, "--model-key", signer.String())
	refused(t, "is not trusted", "proxy", "--upstream", "http://127.0.0.1:1", "--model", base, "--model-token-file", token, "--model-key", stranger.String())
	s := proxied(t, "--model", base, "--model-token-file", token, "--model-key", signer.String())
	if got := s.attack(); got != http.StatusForbidden {
		t.Errorf("status %d", got)
	}
	signer.Write(t, file, deliverytest.Blind(t, "1.6.0"))
	log.await(t, `"model in force","model":"basic 1.6.0"`)
	s.log.await(t, `"model in force","model":"basic 1.6.0"`)
	if got := s.attack(); got != http.StatusOK {
		t.Errorf("status %d", got)
	}
}

// TestModelNotice tells of a newer model in the registry once, in log, metric
// and status, and of nothing else.
func TestModelNotice(t *testing.T) {
	at(t)
	signer := deliverytest.NewSigner(t)
	r := registrytest.New(t)
	where := "oci://" + r.Host + "/waf/model:stable"
	publish := func(version string) {
		file := filepath.Join(t.TempDir(), "model.tgz")
		signer.Write(t, file, deliverytest.Archive(t, version))
		glacis(t, "model", "push", "--model-key", signer.String(), file, where)
	}
	mine := filepath.Join(t.TempDir(), "mine.tgz")
	signer.Write(t, mine, deliverytest.Archive(t, "1.5.0"))
	var log output
	client, err := dial(where, false)
	if err != nil {
		t.Fatal(err)
	}
	s := &modelService{client: client, holder: delivery.NewHolder(signer.Trust(t), func(*delivery.Model) error { return nil }),
		log: slog.New(slog.NewJSONHandler(&log, nil))}
	reg := prometheus.NewRegistry()
	s.metrics(reg)
	if problems, err := testutil.GatherAndLint(reg); err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
	if err := s.holder.Point(t.Context(), delivery.File(mine)); err != nil {
		t.Fatal(err)
	}
	ask := func() { s.newer(client.Describe(t.Context())) }
	metric := func(name, value string) {
		t.Helper()
		families, err := reg.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range families {
			if f.GetName() == name && !strings.Contains(f.GetMetric()[0].String(), "value:"+value) {
				t.Errorf("%s: %s, want %s", name, f.GetMetric()[0], value)
			}
		}
	}
	ask()
	metric("glacis_model_update_check_failures_total", "1") // there is none yet
	publish("1.4.0")
	ask()
	metric("glacis_model_update_available", "0")
	publish("1.6.0")
	ask()
	ask()
	metric("glacis_model_update_available", "1")
	if text := log.String(); strings.Count(text, "a newer model is available") != 1 || !strings.Contains(text, `"model":"basic 1.6.0"`) || !strings.Contains(text, "glacis model pull "+where) {
		t.Error(text)
	}
	if u := s.status().Update; u == nil || u.Version != "1.6.0" {
		t.Errorf("%+v", u)
	}
	signer.Write(t, mine, deliverytest.Archive(t, "1.6.0"))
	if err := s.reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	ask()
	metric("glacis_model_update_available", "0")
	refused(t, "shorter than 1m0s", "proxy", "--upstream", "http://127.0.0.1:1", "--model-registry", where, "--model-poll", "1s")
	refused(t, "--model-registry", "proxy", "--upstream", "http://127.0.0.1:1", "--model-registry", "http://x")
}
