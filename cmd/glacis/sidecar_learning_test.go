package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/sidecar/batch"
)

// The sidecar learns what it inspects itself, lists itself as an agent and
// signs with a key that only its owner may read.
func TestSidecarLearns(t *testing.T) {
	dir := t.TempDir()
	addresses, _ := startSidecar(t, "--store", dir, "--asset", "shop=*.test/app", "--log", "off")
	get := func(path string) string {
		t.Helper()
		res, err := http.Get("http://" + addresses[0] + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	if info, err := os.Stat(filepath.Join(dir, "signing.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
	res, err := http.Post("http://"+addresses[0]+"/v1/observations", batch.MediaType, strings.NewReader("no batch"))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusBadRequest {
		t.Error(res.Status)
	}
	for range 1000 {
		get("/v1/authz/envoy/app?q=lamp")
		if strings.Contains(get("/v1/learning"), `"name":"shop"`) && strings.Contains(get("/v1/agents"), `"kind":"sidecar"`) &&
			!strings.Contains(get("/metrics"), "glacis_observations_total 0") {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error(get("/v1/learning"), get("/v1/agents"), get("/metrics"))
}

func TestLearningFlags(t *testing.T) {
	for want, args := range map[string]string{
		"want name=host":               "--store " + t.TempDir() + " --asset shop",
		"--signing-key is required":    "--nats-url nats://127.0.0.1:1",
		"window 1s is not between 1m":  "--store " + t.TempDir() + " --learn-window 1s",
		"--learn-speed 61: want 1 to":  "--store " + t.TempDir() + " --learn-speed 61",
		"want at least 1 MiB":          "--store " + t.TempDir() + " --stream-bytes 5",
		"others may read it":           "--store " + t.TempDir() + " --signing-key " + readable(t),
		"replicas: want 1 to 5":        "--store " + t.TempDir() + " --nats-replicas 3",
		"nats: no servers available":   "--nats-url nats://127.0.0.1:1 --signing-key " + filepath.Join(t.TempDir(), "k"),
		"is in use by another process": "--store " + held(t),
	} {
		var stderr strings.Builder
		if status := run(t.Context(), append([]string{"sidecar", "--http", "127.0.0.1:0"}, strings.Fields(args)...), strings.NewReader(""), io.Discard, &stderr); status == exitOK || !strings.Contains(stderr.String(), want) {
			t.Errorf("%q: status %d, says %q, want %q", args, status, stderr.String(), want)
		}
	}
}

// readable is a key file that others may read.
func readable(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// held is a store that another sidecar has.
func held(t *testing.T) string {
	dir := t.TempDir()
	startSidecar(t, "--store", dir)
	return dir
}
