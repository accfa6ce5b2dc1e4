package kong

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Plugin is the import path of the plugin server's command.
const Plugin = "github.com/glacis-waf/glacis/plugins/kong/cmd/glacis"

// Build builds the plugin server and returns the path of the executable, whose
// name is the plugin's.
func Build(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "glacis")
	cmd := exec.Command("go", "build", "-o", path, Plugin)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the plugin server: %v\n%s", err, out)
	}
	return path
}

// Process is a running plugin server.
type Process struct {
	*exec.Cmd
	// Socket is where it listens.
	Socket string
	ended  chan error
}

// Launch starts a plugin server as Kong would and waits for its socket. Standard
// output and error go to log. It is killed at the end of the test.
func Launch(t testing.TB, executable string, log io.Writer, flags ...string) *Process {
	t.Helper()
	prefix, err := os.MkdirTemp("", "kong") // sockets need short paths
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(prefix) })
	p, err := LaunchAt(executable, prefix, log, flags...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return p
}

// LaunchAt is Launch with a prefix of the caller's and nothing cleaned up.
func LaunchAt(executable, prefix string, log io.Writer, flags ...string) (*Process, error) {
	p := &Process{Cmd: exec.Command(executable, append([]string{"-kong-prefix", prefix}, flags...)...),
		Socket: filepath.Join(prefix, filepath.Base(executable)+".socket"), ended: make(chan error, 1)}
	p.Stdout, p.Stderr = log, log
	before, _ := os.Stat(p.Socket)
	if err := p.Start(); err != nil {
		return nil, fmt.Errorf("start plugin server: %w", err)
	}
	go func() { p.ended <- p.Wait() }()
	for range 2000 {
		if now, err := os.Stat(p.Socket); err == nil && (before == nil || !os.SameFile(before, now)) {
			return p, nil
		}
		select {
		case err := <-p.ended:
			return nil, fmt.Errorf("plugin server ended at once: %v", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
	p.Kill()
	return nil, fmt.Errorf("plugin server did not open %s", p.Socket)
}

// Kill ends the process at once and waits for it.
func (p *Process) Kill() {
	_ = p.Process.Kill() // it may have ended
	p.Ended()
}

// Terminate ends it as Kong does and waits.
func (p *Process) Terminate() error {
	_ = p.Process.Signal(syscall.SIGTERM) // it may have ended
	return p.Ended()
}

// Ended waits for the end.
func (p *Process) Ended() error {
	err := <-p.ended
	p.ended <- err
	return err
}
