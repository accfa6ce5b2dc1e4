package deploy

import (
	"os/exec"
	"testing"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// launch starts a program that ends with the test, and whose words are shown if
// the test fails.
func launch(t testing.TB, program string, args ...string) {
	t.Helper()
	launchIn(t, t.TempDir(), program, args...)
}

// launchIn is launch in a directory.
func launchIn(t testing.TB, dir, program string, args ...string) {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	process.Run(t, cmd, nil)
}
