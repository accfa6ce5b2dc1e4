// Package traefik starts a real Traefik with Glacis as a local plugin, for
// tests, benchmarks and the demo.
package traefik

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/glacis-waf/glacis/conformance/internal/process"
	"github.com/glacis-waf/glacis/conformance/yaegi/set"
)

// Module is the plugin's module, as Traefik's static configuration names it.
const Module = "github.com/glacis-waf/glacis"

// Versions are the versions of Traefik that the plugin is tested with, newest
// first; tools/fetch.sh installs them.
var Versions = []string{"3.7.15", "3.3.6"}

// Options say what to start.
type Options struct {
	// Binary is Traefik's.
	Binary string
	// Dir is an empty folder for the plugin's sources and the configuration.
	Dir string
	// Dynamic is the file provider's configuration, YAML.
	Dynamic string
	// Ready is a Host that the configuration routes; Start waits for it to be
	// answered with anything but 404.
	Ready string
	// Stdout and Stderr take what Traefik prints: its log goes to Stderr only
	// as far as it fails to start.
	Stdout, Stderr io.Writer
	// Static is added to the static configuration, EntryPoint to its entry point:
	// YAML's flow style, with a comma before it.
	Static, EntryPoint string
	// Guest is the file of a WebAssembly guest, which then takes the place of the
	// interpreted plugin; its events go to Traefik's log, and that to Stdout.
	Guest string
}

// Traefik is a running process.
type Traefik struct {
	// Address is the entry point's, "127.0.0.1:PORT".
	Address string
	child   *process.Process
	dir     string
}

// static is the static configuration. The port is free when Start looks; that
// it is taken meanwhile is unlikely, and Start then fails.
const static = `
global: {checkNewVersion: false, sendAnonymousUsage: false}
log: {level: INFO, format: json%s}
entryPoints:
  web: {address: "%s"%s}
providers: {file: {directory: dynamic, watch: true}}
experimental:
  localPlugins:
    glacis: {moduleName: %s}
%s
`

// Start starts Traefik and waits until it routes.
func Start(ctx context.Context, o Options) (*Traefik, error) {
	plugins, module, log := filepath.Join(o.Dir, "plugins-local"), Module, ", filePath: traefik.log"
	err := error(nil)
	if o.Guest != "" {
		module, log = GuestModule, ""
		err = WriteGuest(plugins, o.Guest)
	} else {
		err = WritePlugin(plugins)
	}
	if err != nil {
		return nil, err
	}
	address, err := process.FreeAddress()
	if err != nil {
		return nil, fmt.Errorf("start traefik: %w", err)
	}
	t := &Traefik{Address: address, dir: o.Dir}
	if err := t.write("traefik.yaml", fmt.Sprintf(static, log, t.Address, o.EntryPoint, module, o.Static)); err != nil {
		return nil, err
	}
	if err := t.Configure(o.Dynamic); err != nil {
		return nil, err
	}
	cmd := exec.Command(o.Binary, "--configFile=traefik.yaml")
	cmd.Dir, cmd.Stdout, cmd.Stderr = o.Dir, o.Stdout, o.Stderr
	if t.child, err = process.Start(cmd); err != nil {
		return nil, err
	}
	if err := t.child.Await(ctx, func() error { return t.routes(ctx, o.Ready) }); err != nil {
		t.Stop()
		return nil, fmt.Errorf("start traefik: %w; its log: %s", err, t.Log())
	}
	return t, nil
}

// WritePlugin writes the tree of sources that Traefik loads a local plugin
// from: the interpreted packages and the manifest.
func WritePlugin(gopath string) error {
	module, err := set.FindModule(".", Module)
	if err != nil {
		return err
	}
	packages, err := module.Packages()
	if err != nil {
		return err
	}
	for i := range packages {
		packages[i].Files = slices.DeleteFunc(packages[i].Files, func(name string) bool { return strings.HasSuffix(name, "_test.go") })
	}
	if err := set.WriteTree(gopath, packages); err != nil {
		return err
	}
	manifest, err := os.ReadFile(filepath.Join(module.Dir, ".traefik.yml"))
	if err != nil {
		return fmt.Errorf("write plugin: %w", err)
	}
	return os.WriteFile(filepath.Join(gopath, "src", filepath.FromSlash(Module), ".traefik.yml"), manifest, 0o644)
}

// Configure replaces the dynamic configuration, which Traefik then loads.
func (t *Traefik) Configure(dynamic string) error {
	return t.write(filepath.Join("dynamic", "dynamic.yaml"), dynamic)
}

// write replaces a file at once, so that Traefik never sees half of it.
func (t *Traefik) write(name, text string) error {
	file := filepath.Join(t.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("configure traefik: %w", err)
	}
	if err := os.WriteFile(file+".new", []byte(text), 0o644); err != nil {
		return fmt.Errorf("configure traefik: %w", err)
	}
	if err := os.Rename(file+".new", file); err != nil {
		return fmt.Errorf("configure traefik: %w", err)
	}
	return nil
}

// routes asks whether the host is routed.
func (t *Traefik) routes(ctx context.Context, host string) error {
	status, err := t.Status(ctx, host)
	if err == nil && status == http.StatusNotFound {
		err = fmt.Errorf("%s is not routed", host)
	}
	return err
}

// Status asks for / of a host.
func (t *Traefik) Status(ctx context.Context, host string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+t.Address+"/", nil)
	if err != nil {
		return 0, err
	}
	req.Host = host
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// Log returns what Traefik has logged.
func (t *Traefik) Log() string {
	text, err := os.ReadFile(filepath.Join(t.dir, "traefik.log"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err.Error()
	}
	return strings.TrimSpace(string(text))
}

// Stop ends the process at once; a second call does nothing.
func (t *Traefik) Stop() { _ = t.child.Kill() }

// Pid is the process id, for measurements.
func (t *Traefik) Pid() int { return t.child.PID() }
