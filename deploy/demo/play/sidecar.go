package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// sidecar is a glacis sidecar that learns from what glacis proxy sees, with the
// shortest window and the fewest requests that show something within minutes.
type sidecar struct {
	binary string
	// address is its unix socket, policies the folder of the proxy's policy.
	address, policies string
}

// sources is the part of the policy that lets the demo speak for many clients.
const sources = `apiVersion: glacis/v1
name: demo
source: {trustedProxies: [127.0.0.0/8, "::1"]}
`

// startSidecar starts the sidecar and waits for its socket.
func (s *site) startSidecar(ctx context.Context, binary, dir string) (*sidecar, error) {
	socket := filepath.Join(dir, "sidecar.sock")
	side := &sidecar{binary: binary, address: "unix:" + socket, policies: filepath.Join(dir, "policy")}
	if err := os.Mkdir(side.policies, 0o700); err != nil {
		return nil, fmt.Errorf("start sidecar: %w", err)
	}
	if err := os.WriteFile(filepath.Join(side.policies, "sources.yaml"), []byte(sources), 0o600); err != nil {
		return nil, fmt.Errorf("start sidecar: %w", err)
	}
	cmd := exec.CommandContext(ctx, binary, "sidecar", "--http", side.address, "--grpc", "", "--store", filepath.Join(dir, "learned"),
		"--asset", "shop=127.0.0.1", "--learn-window", "1m", "--learn-requests", "100", "--learn-sources", "12")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	log, err := os.Create(filepath.Join(dir, "sidecar.log"))
	if err != nil {
		return nil, fmt.Errorf("start sidecar: %w", err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = io.Discard, log
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start sidecar: %w", err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }() // ends by our signal
	s.undo = append(s.undo, func() {
		_ = cmd.Process.Signal(os.Interrupt) // it may have ended with the context
		<-ended
	})
	for {
		if _, err := os.Stat(socket); err == nil {
			return side, nil
		}
		select {
		case <-ended:
			said, _ := os.ReadFile(log.Name())
			return nil, errors.New("the sidecar did not start: " + string(said))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// ask runs "glacis learn …" and reads its JSON.
func (s *sidecar) ask(ctx context.Context, answer any, command ...string) error {
	out, err := exec.CommandContext(ctx, s.binary, append(append([]string{"learn"}, command...), "--json", "--sidecar", s.address)...).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		return fmt.Errorf("glacis learn %s: %w", command[0], err)
	}
	if err := json.Unmarshal(out, answer); err != nil {
		return fmt.Errorf("glacis learn %s: %w", command[0], err)
	}
	return nil
}

// level is how far the shop has been learned: "watching 40 %".
func (s *sidecar) level(ctx context.Context) (string, error) {
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
		return "", err
	}
	for _, a := range answer.Assets {
		if a.Name == "shop" {
			return fmt.Sprintf("%s %d %%", a.Maturity.Level, a.Maturity.Percent), nil
		}
	}
	return "unseen 0 %", nil
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
