package kong

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// Plugin is the import path of the plugin server's command.
const Plugin = "github.com/glacis-waf/glacis/plugins/kong/cmd/glacis"

// Build builds the plugin server and returns the path of the executable, whose
// name is the plugin's.
func Build(t testing.TB) string {
	t.Helper()
	return process.Build(t, Plugin)
}

// Process is a running plugin server.
type Process struct {
	*process.Process
	// Path is the executable, Socket where it listens.
	Path, Socket string
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
	t.Cleanup(func() { _ = p.Kill() })
	return p
}

// LaunchAt is Launch with a prefix of the caller's and nothing cleaned up.
func LaunchAt(executable, prefix string, log io.Writer, flags ...string) (*Process, error) {
	cmd := exec.Command(executable, append([]string{"-kong-prefix", prefix}, flags...)...)
	cmd.Stdout, cmd.Stderr = log, log
	socket := filepath.Join(prefix, filepath.Base(executable)+".socket")
	before, _ := os.Stat(socket)
	child, err := process.Start(cmd)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err = child.Await(ctx, func() error {
		now, err := os.Stat(socket)
		if err == nil && before != nil && os.SameFile(before, now) {
			err = errors.New("the socket is another server's")
		}
		return err
	})
	if err != nil {
		_ = child.Kill()
		return nil, fmt.Errorf("start the plugin server: %w", err)
	}
	return &Process{Process: child, Path: executable, Socket: socket}, nil
}

// Terminate ends it as Kong does and waits.
func (p *Process) Terminate() error { return p.Stop(time.Minute) }
