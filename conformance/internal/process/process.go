// Package process runs real programs for the conformance tests: it installs a
// gateway, builds a command of this module, chooses addresses, starts the
// program, waits until it serves and ends it. Not for programs in production,
// and not for engines or sidecars inside the test binary: those are started by
// their own packages. It imports the standard library and conformance/yaegi/set
// only, so that every package below conformance may import it.
package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

const (
	// StartTime bounds the time until a program that Run starts serves, on a busy
	// machine.
	StartTime = time.Minute
	// Grace is how long Run lets a program end by itself after SIGTERM.
	Grace = 10 * time.Second
	// interval is between two looks whether a program serves.
	interval = 20 * time.Millisecond
)

// Process is a running child. Its methods may be called concurrently.
type Process struct {
	cmd   *exec.Cmd
	ended chan struct{}
	err   error // of Wait, valid once ended is closed
}

// Start starts a command. Where the system can, the child is killed when this
// process dies; otherwise ending it is the caller's part.
func Start(cmd *exec.Cmd) (*Process, error) {
	cmd.SysProcAttr = tied()
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", filepath.Base(cmd.Path), err)
	}
	p := &Process{cmd: cmd, ended: make(chan struct{})}
	go func() { p.err = cmd.Wait(); close(p.ended) }()
	return p, nil
}

// PID is the process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Ended is closed once the process has ended and its output is written.
func (p *Process) Ended() <-chan struct{} { return p.ended }

// Wait waits for the end and returns that of exec.Cmd.Wait.
func (p *Process) Wait() error {
	<-p.ended
	return p.err
}

// Kill ends the process at once and waits.
func (p *Process) Kill() error {
	_ = p.cmd.Process.Kill() // it may have ended
	return p.Wait()
}

// Stop asks the process to end, kills it after the time of grace, and waits.
func (p *Process) Stop(grace time.Duration) error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-p.ended:
		return p.err
	case <-time.After(grace):
		return p.Kill()
	}
}

// Await asks ready until it returns nil. It is an error when the process ends
// before that, or ctx does; the process is left as it is.
func (p *Process) Await(ctx context.Context, ready func() error) error {
	for {
		err := ready()
		if err == nil {
			return nil
		}
		select {
		case <-p.ended:
			return fmt.Errorf("it ended: %w", errors.Join(p.err, err))
		case <-ctx.Done():
			return fmt.Errorf("not ready in time: %w", err)
		case <-time.After(interval):
		}
	}
}

// Run starts a command that ends with the test, and waits at most StartTime
// until it is ready; nil does not wait. The beginning of what it writes to
// standard error, and to standard output if nobody takes that, is shown when the
// test fails.
func Run(t testing.TB, cmd *exec.Cmd, ready func() error) *Process {
	t.Helper()
	said := &Log{Limit: HeadSize}
	if cmd.Stdout == nil {
		cmd.Stdout = said
	}
	if cmd.Stderr == nil {
		cmd.Stderr = said
	} else {
		cmd.Stderr = io.MultiWriter(said, cmd.Stderr)
	}
	p, err := Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Base(cmd.Path)
	t.Cleanup(func() {
		_ = p.Stop(Grace) // ends by our signal
		if t.Failed() {
			t.Logf("%s %q said:\n%s", name, cmd.Args[1:], said)
		}
	})
	if ready == nil {
		return p
	}
	ctx, cancel := context.WithTimeout(context.Background(), StartTime)
	defer cancel()
	if err := p.Await(ctx, ready); err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	return p
}
