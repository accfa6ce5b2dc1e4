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

// command builds what is missing into dir and returns how to run what protects
// a shop. glacis proxy runs as anybody would run it, with a sidecar that learns; gateways by the command
// with which the conformance suite's run alone.
func (o *options) command(ctx context.Context, out io.Writer, s *site, dir string) (func(upstream string) *exec.Cmd, error) {
	switch o.gateway {
	case "", "proxy":
		binary := o.binary
		if binary == "" {
			var err error
			if binary, err = o.build(ctx, out, dir, "./cmd/glacis", "glacis"); err != nil {
				return nil, err
			}
		}
		var err error
		if s.side, err = s.startSidecar(ctx, binary, dir); err != nil {
			return nil, err
		}
		return func(upstream string) *exec.Cmd {
			return exec.CommandContext(ctx, binary, "proxy", "--upstream", "http://"+upstream, "--listen", "127.0.0.1:0",
				"--metrics-listen", "127.0.0.1:0", "--log", "all", "--fail", "closed", "--sidecar", s.side.address, "--policy", s.side.policies)
		}, nil
	case "envoy", "traefik", "kong":
		binary, err := o.build(ctx, out, dir, "./conformance/cmd/gateway", o.gateway+" and what starts it")
		if err != nil {
			return nil, err
		}
		root, err := o.root()
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(out, "starting %s, which is installed if need be …\n", o.gateway)
		return func(upstream string) *exec.Cmd {
			cmd := exec.CommandContext(ctx, binary, "-kind", o.gateway, "-upstream", upstream)
			cmd.Dir = root
			return cmd
		}, nil
	}
	return nil, fmt.Errorf("gateway %q: want envoy, traefik, kong or nothing for glacis proxy", o.gateway)
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
