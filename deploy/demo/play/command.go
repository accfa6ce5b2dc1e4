package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// errUnavailable says that a gateway cannot be installed here.
var errUnavailable = errors.New("the gateway cannot be had")

// notAvailable is the exit status by which conformance/cmd/gateway says so.
const notAvailable = 3

// command builds what is missing into dir, starts a sidecar that learns, and
// returns how to run what protects a shop. glacis proxy runs as anybody would run
// it; gateways by the command with which the conformance suite's run alone.
func (o *options) command(ctx context.Context, out io.Writer, s *site, dir string) (func(upstream string) *exec.Cmd, error) {
	switch o.gateway {
	case "", "proxy", "envoy", "traefik", "kong":
	default:
		return nil, fmt.Errorf("gateway %q: want envoy, traefik, kong or nothing for glacis proxy", o.gateway)
	}
	glacis := o.binary
	var err error
	if glacis == "" {
		if glacis, err = o.build(ctx, out, dir, "./cmd/glacis", "glacis"); err != nil {
			return nil, err
		}
	}
	if err := s.writePolicy(dir); err != nil {
		return nil, err
	}
	var tied []string // flags that tie the gateway to the sidecar
	if o.learn {
		if s.side, err = s.startSidecar(ctx, glacis, dir); err != nil {
			return nil, err
		}
		tied = []string{"--sidecar", s.side.address}
	}
	s.name = "glacis proxy"
	if o.gateway == "" || o.gateway == "proxy" {
		return func(upstream string) *exec.Cmd {
			return exec.CommandContext(ctx, glacis, append([]string{"proxy", "--upstream", "http://" + upstream, "--listen", "127.0.0.1:0",
				"--metrics-listen", "127.0.0.1:0", "--log", "all", "--fail", "closed", "--policy", s.policies}, tied...)...)
		}, nil
	}
	return o.real(ctx, out, s, dir, tied)
}

// real is command for the real gateways.
func (o *options) real(ctx context.Context, out io.Writer, s *site, dir string, tied []string) (func(upstream string) *exec.Cmd, error) {
	binary, err := o.build(ctx, out, dir, "./conformance/cmd/gateway", o.gateway+" and what starts it")
	if err != nil {
		return nil, err
	}
	root, err := o.root()
	if err != nil {
		return nil, err
	}
	s.name = map[string]string{"envoy": "Envoy", "traefik": "Traefik", "kong": "the plugin server for Kong"}[o.gateway]
	fmt.Fprintf(out, "starting %s, which is installed if need be …\n", o.gateway)
	flags := append([]string{"-kind", o.gateway, "-policy", s.policies}, tied...)
	if o.gateway == "envoy" {
		s.policies = "" // Envoy's plugin has its policy in Envoy's own configuration
	}
	return func(upstream string) *exec.Cmd {
		cmd := exec.CommandContext(ctx, binary, append(flags, "-upstream", upstream)...)
		cmd.Dir = root
		return cmd
	}, nil
}

// root is the repository: the one given, or the one that play is run in.
func (o *options) root() (string, error) {
	if o.repository != "" {
		return filepath.Abs(o.repository)
	}
	wd, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the repository: %w", err)
	}
	for root := wd; ; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "cmd", "glacis")); err == nil {
			return root, nil
		}
		if root == filepath.Dir(root) {
			return "", fmt.Errorf("no cmd/glacis in %s or above: run in the repository or give -repository", wd)
		}
	}
}

// build compiles a command of the repository into dir.
func (o *options) build(ctx context.Context, out io.Writer, dir, command, what string) (string, error) {
	root, err := o.root()
	if err != nil {
		return "", err
	}
	fmt.Fprintf(out, "building %s …\n", what)
	binary := filepath.Join(dir, filepath.Base(command))
	cmd := exec.CommandContext(ctx, "go", "build", "-o", binary, command)
	cmd.Dir = root
	if message, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", command, err, message)
	}
	return binary, nil
}
