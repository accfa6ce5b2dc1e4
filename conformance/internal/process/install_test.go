package process

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestInstallErrors: a wrong name is an error, a missing tool a reason to skip.
func TestInstallErrors(t *testing.T) {
	if _, err := Install("traefik", "0.0.0"); err == nil || errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "tools/fetch.sh traefik 0.0.0: ") {
		t.Errorf("%v", err)
	}
	t.Setenv("CACHE", t.TempDir())
	t.Setenv("PATH", without(t, "python3"))
	if _, err := Install("envoy", "1.40.0"); !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "needs python3") {
		t.Errorf("%v", err)
	}
}

// without is a PATH with the tools that fetch.sh begins with, but for one.
func without(t *testing.T, tool string) string {
	t.Helper()
	bin := t.TempDir()
	for _, name := range []string{"bash", "dirname", "awk", "mkdir", "mktemp", "rm", "flock", "cat", "python3"} {
		for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
			path := filepath.Join(dir, name)
			if _, err := os.Stat(path); err == nil && name != tool {
				if err := os.Symlink(path, filepath.Join(bin, name)); err != nil {
					t.Fatal(err)
				}
				break
			}
		}
	}
	return bin
}

func TestExample(t *testing.T) {
	path := Example(t, t.TempDir(), "nginx/nginx.conf", map[string]string{"127.0.0.1:8081": "127.0.0.1:1"})
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), "server 127.0.0.1:1;") || strings.Contains(string(text), "server 127.0.0.1:8081") {
		t.Errorf("%v: %s", err, text)
	}
}
