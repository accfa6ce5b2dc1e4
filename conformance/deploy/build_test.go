package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// TestMain removes what the tests built.
func TestMain(m *testing.M) {
	status := m.Run()
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	os.Exit(status)
}

var built struct {
	once sync.Once
	dir  string
	err  error
	said []byte
}

// glacis builds the command once and returns its path.
func glacis(t testing.TB) string {
	t.Helper()
	built.once.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "deploy"); built.err != nil {
			return
		}
		cmd := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(built.dir, "glacis"), "./cmd/glacis")
		cmd.Dir = root
		built.said, built.err = cmd.CombinedOutput()
	})
	if built.err != nil {
		t.Fatalf("build glacis: %v\n%s", built.err, built.said)
	}
	return filepath.Join(built.dir, "glacis")
}
