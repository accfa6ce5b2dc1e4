package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/glacis-waf/glacis/deploy/demo/shop"
)

// site is everything that runs: two shops, of which one is behind a proxy, and
// the internal service that both can reach.
type site struct {
	bare, proxy, metrics, internal string // addresses, "host:port"
	verdicts                       *verdicts
	side                           *sidecar // nil if nothing is to be learned
	// name is the gateway's; policies is the folder that its policy is in, "" if
	// it takes none from a folder.
	name, policies string
	undo           []func()
}

func (s *site) stop() {
	for i := len(s.undo) - 1; i >= 0; i-- {
		s.undo[i]()
	}
}

// start builds and starts what is needed.
func start(ctx context.Context, out io.Writer, o options) (_ *site, err error) {
	s := &site{}
	defer func() {
		if err != nil {
			s.stop()
		}
	}()
	dir, err := os.MkdirTemp("", "glacis-demo-")
	if err != nil {
		return nil, fmt.Errorf("demo directory: %w", err)
	}
	s.undo = append(s.undo, func() { os.RemoveAll(dir) })
	run, err := o.command(ctx, out, s, dir)
	if err != nil {
		return nil, err
	}
	if s.bare, err = s.openShop(filepath.Join(dir, "bare")); err != nil {
		return nil, err
	}
	protected, err := s.openShop(filepath.Join(dir, "protected"))
	if err != nil {
		return nil, err
	}
	if s.internal, err = s.serve(shop.Internal()); err != nil {
		return nil, err
	}
	return s, s.protect(ctx, run(protected))
}

// introduce says what runs where.
func (s *site) introduce(out io.Writer) {
	fmt.Fprintf(out, "\n  shop without protection  http://%s\n  shop behind glacis       http://%s   (%s)\n", s.bare, s.proxy, s.name)
	if s.metrics != "" {
		fmt.Fprintf(out, "  metrics                  http://%s/metrics\n", s.metrics)
	}
	if s.side != nil {
		fmt.Fprintf(out, "  sidecar, which learns    http://%s\n", s.side.address)
	}
}

func (s *site) openShop(dir string) (string, error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", fmt.Errorf("shop directory: %w", err)
	}
	leaky, err := shop.Open(dir)
	if err != nil {
		return "", err
	}
	s.undo = append(s.undo, func() { leaky.Close() })
	return s.serve(leaky)
}

// serve serves h on a free loopback port.
func (s *site) serve(h http.Handler) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	s.undo = append(s.undo, func() { server.Close() })
	go server.Serve(l) // ends with Close
	return l.Addr().String(), nil
}

// protect runs what protects the shop and waits until it listens.
func (s *site) protect(ctx context.Context, cmd *exec.Cmd) error {
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	logs, err := cmd.StderrPipe()
	if err != nil {
		return fmt.Errorf("start glacis: %w", err)
	}
	events, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("start glacis: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start glacis: %w", err)
	}
	s.verdicts = newVerdicts(logs, events)
	s.undo = append(s.undo, func() {
		_ = cmd.Process.Signal(os.Interrupt) // it may have ended with the context
		s.verdicts.wait()
		_ = cmd.Wait() // how it ends is of no interest any more
	})
	first, ok := s.verdicts.listening(ctx)
	if !ok {
		s.verdicts.wait()
		_ = cmd.Wait()
		if cmd.ProcessState.ExitCode() == notAvailable {
			return fmt.Errorf("%w: %s", errUnavailable, s.verdicts.lastWords())
		}
		return errors.New("glacis did not start: " + s.verdicts.lastWords())
	}
	s.proxy, s.metrics = first.Listen, first.Metrics
	return nil
}
