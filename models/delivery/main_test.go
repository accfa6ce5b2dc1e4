package delivery

import (
	"os"
	"testing"
)

// TestMain lets the test binary be the process that is killed in the middle of
// an installation, see TestKill.
func TestMain(m *testing.M) {
	if dir := os.Getenv(installEnv); dir != "" {
		os.Exit(installForever(dir))
	}
	os.Exit(m.Run())
}
