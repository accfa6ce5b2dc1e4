package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestSidecarPolicy asks a sidecar that has a policy with an exception, takes
// the exception away while it runs, and offers it a broken policy.
func TestSidecarPolicy(t *testing.T) {
	const excepted = "apiVersion: glacis/v1\nexceptions:\n- {id: lesson, locations: [query.answer], families: [sqli], reason: SQL is taught}\n"
	file := filepath.Join(t.TempDir(), "policy.yaml")
	put(t, file, excepted)
	addresses, _ := startSidecar(t, "--policy", file)
	ask := func(parameter string) int {
		res, err := http.Get("http://" + addresses[0] + "/v1/authz/envoy/?" + parameter + "=1'+union+select+name,password+from+users--+-")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	if got := ask("answer"); got != http.StatusOK {
		t.Errorf("what is excepted: %d, want 200", got)
	}
	if got := ask("q"); got != http.StatusForbidden {
		t.Errorf("what is not: %d, want 403", got)
	}
	put(t, file, "apiVersion: glacis/v1\nexceptoins: []\n")
	awaitMetric(t, addresses[0], "glacis_policy_error 1")
	if got := ask("answer"); got != http.StatusOK {
		t.Errorf("under a broken policy: %d, want the old one's 200", got)
	}
	put(t, file, "apiVersion: glacis/v1\n")
	awaitMetric(t, addresses[0], "glacis_policy_error 0")
	if got := ask("answer"); got != http.StatusForbidden {
		t.Errorf("without the exception: %d, want 403", got)
	}
}

// awaitMetric waits until the sidecar's metrics have a line. The bound only
// keeps a failing test from hanging.
func awaitMetric(t *testing.T, address, line string) {
	t.Helper()
	for range 2000 {
		res, err := http.Get("http://" + address + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\n"+line+"\n") {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("never: %s", line)
}

func TestSidecarPolicyRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(file, []byte("apiVersion: glacis/v1\nexceptoins: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	if status := run(t.Context(), []string{"sidecar", "--policy", file}, strings.NewReader(""), &strings.Builder{}, &stderr); status != exitUsage ||
		!strings.Contains(stderr.String(), "did you mean") {
		t.Errorf("status %d, says %q", status, stderr.String())
	}
}
