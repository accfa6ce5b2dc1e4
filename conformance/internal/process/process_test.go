package process

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// never is what is not ready.
func never() error { return errors.New("not yet") }

func start(t *testing.T, script string) *Process {
	t.Helper()
	p, err := Start(exec.Command("sh", "-c", script))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Kill() })
	return p
}

func TestStartError(t *testing.T) {
	if _, err := Start(exec.Command("/nonexistent/gateway")); err == nil || !strings.HasPrefix(err.Error(), "start gateway: ") {
		t.Errorf("%v", err)
	}
}

// TestAwait: what ends, and what is never ready, is an error that tells why.
func TestAwait(t *testing.T) {
	if err := start(t, "exit 3").Await(t.Context(), never); err == nil || !strings.Contains(err.Error(), "it ended: exit status 3\nnot yet") {
		t.Errorf("ended: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	p := start(t, "exec sleep 1000")
	if err := p.Await(ctx, never); err == nil || !strings.Contains(err.Error(), "not ready in time: not yet") {
		t.Errorf("not ready: %v", err)
	}
	asked := 0
	err := p.Await(t.Context(), func() error {
		if asked++; asked < 3 {
			return errors.New("not yet")
		}
		return nil
	})
	if err != nil || asked != 3 {
		t.Errorf("asked %d times: %v", asked, err)
	}
}

// TestStop: a process is asked to end, and killed when it does not listen.
func TestStop(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"ends", "trap 'exit 4' TERM; echo up; while :; do sleep 0.01; done", "exit status 4"},
		{"deaf", "trap '' TERM; echo up; while :; do sleep 0.01; done", "signal: killed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log Log
			cmd := exec.Command("sh", "-c", c.script)
			cmd.Stdout = &log
			p, err := Start(cmd)
			if err != nil {
				t.Fatal(err)
			}
			log.Await(t, "up")
			grace := 10 * time.Second
			if c.name == "deaf" {
				grace = 100 * time.Millisecond
			}
			if err := p.Stop(grace); err == nil || err.Error() != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
			if err := p.Kill(); err == nil || err.Error() != c.want {
				t.Errorf("killed after its end: %v", err)
			}
		})
	}
}

// TestRun: the child ends with its test, and its words still go to the caller.
func TestRun(t *testing.T) {
	var p *Process
	var said Log
	t.Run("inner", func(t *testing.T) {
		cmd := exec.Command("sh", "-c", "echo ready >&2; exec sleep 1000")
		cmd.Stderr = &said
		p = Run(t, cmd, func() error {
			if said.Line("ready") == "" {
				return errors.New("silent")
			}
			return nil
		})
		select {
		case <-p.Ended():
			t.Error("it ended too early")
		default:
		}
	})
	if err := p.Wait(); err == nil || err.Error() != "signal: terminated" {
		t.Errorf("ended with %v", err)
	}
}
