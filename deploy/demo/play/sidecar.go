package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// sidecar is a glacis sidecar that learns from what the gateway sees, with the
// shortest window, which passes learnSpeed times as fast as the clock, and with
// the fewest requests that show something within half a minute.
type sidecar struct {
	binary string
	// address is where it takes HTTP, "127.0.0.1:port".
	address string
}

// learnSpeed makes a window of a minute last four seconds.
const learnSpeed = 15

// sources is the part of the policy that lets the demo speak for many clients.
const sources = `apiVersion: glacis/v1
name: demo
source: {trustedProxies: [127.0.0.0/8, "::1"]}
`

// writePolicy makes the folder of policies.
func (s *site) writePolicy(dir string) error {
	s.policies = filepath.Join(dir, "policy")
	if err := os.Mkdir(s.policies, 0o700); err != nil {
		return fmt.Errorf("folder of policies: %w", err)
	}
	if err := os.WriteFile(filepath.Join(s.policies, "sources.yaml"), []byte(sources), 0o600); err != nil {
		return fmt.Errorf("folder of policies: %w", err)
	}
	return nil
}

// startSidecar starts the sidecar and waits until it listens. It takes the
// policy too, for the gateways that ask it.
func (s *site) startSidecar(ctx context.Context, binary, dir string) (*sidecar, error) {
	side := &sidecar{binary: binary}
	cmd := exec.CommandContext(ctx, binary, "sidecar", "--http", "127.0.0.1:0", "--grpc", "", "--store", filepath.Join(dir, "learned"), "--policy", s.policies,
		"--fail", "closed", "--asset", "shop=127.0.0.1", "--learn-window", "1m", "--learn-speed", strconv.Itoa(learnSpeed), "--learn-requests", "100", "--learn-sources", "12")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	log, err := cmd.StderrPipe()
	if err != nil {
		return nil, fmt.Errorf("start sidecar: %w", err)
	}
	events, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start sidecar: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start sidecar: %w", err)
	}
	said := newVerdicts(log, events)
	s.undo = append(s.undo, func() {
		_ = cmd.Process.Signal(os.Interrupt) // it may have ended with the context
		said.wait()
		_ = cmd.Wait() // how it ends is of no interest any more
	})
	first, ok := said.listening(ctx)
	if !ok || len(first.Addresses) != 1 {
		return nil, errors.New("the sidecar did not start: " + said.lastWords())
	}
	side.address = first.Addresses[0]
	return side, nil
}

// ask runs "glacis learn …" and reads its JSON. On a machine that is very busy
// the store may not answer in time; it is then asked again.
func (s *sidecar) ask(ctx context.Context, answer any, command ...string) (err error) {
	var out []byte
	for range 10 {
		out, err = exec.CommandContext(ctx, s.binary, append(append([]string{"learn"}, command...), "--json", "--sidecar", s.address)...).Output()
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			break
		}
		err = fmt.Errorf("%w: %s", err, exit.Stderr)
		if !bytes.Contains(exit.Stderr, []byte("503")) {
			break
		}
	}
	if err == nil {
		err = json.Unmarshal(out, answer)
	}
	if err != nil {
		return fmt.Errorf("glacis learn %s: %w", command[0], err)
	}
	return nil
}

// level is how far the shop has been learned: "watching", 40.
func (s *sidecar) level(ctx context.Context) (level string, percent int, err error) {
	var answer struct {
		Assets []struct {
			Name     string
			Maturity struct {
				Level   string
				Percent int
			}
		}
	}
	if err := s.ask(ctx, &answer, "status"); err != nil {
		return "", 0, err
	}
	for _, a := range answer.Assets {
		if a.Name == "shop" {
			return a.Maturity.Level, a.Maturity.Percent, nil
		}
	}
	return "unseen", 0, nil
}

// suggestion returns the policy that the sidecar suggests for the findings of an
// endpoint, "" while it suggests none.
func (s *sidecar) suggestion(ctx context.Context, path string) (string, error) {
	var answer struct {
		Suggestions []struct{ Template, Policy string }
	}
	if err := s.ask(ctx, &answer, "suggestions"); err != nil {
		return "", err
	}
	for _, x := range answer.Suggestions {
		if x.Template == path {
			return x.Policy, nil
		}
	}
	return "", nil
}
