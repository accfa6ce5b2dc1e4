package traefik

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// GuestModule is the module of the plugin that is WebAssembly: Traefik wants one
// runtime for a module.
const GuestModule = Module + "-wasm"

var built struct {
	sync.Once
	file string
	err  error
}

// Guest builds build/traefik-plugin-wasm.wasm as `make traefik-wasm` does, once per
// process, and returns its path.
func Guest() (string, error) {
	built.Do(func() { built.file, built.err = build() })
	return built.file, built.err
}

func build() (string, error) {
	root, err := process.Root()
	if err != nil {
		return "", err
	}
	file := filepath.Join(root, "build", "traefik-plugin-wasm.wasm")
	cmd := exec.Command("go", "build", "-trimpath", "-buildmode=c-shared", "-ldflags=-s -w", "-o", file, "./wasm/http")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build guest: %w: %s", err, out)
	}
	cmd = exec.Command("go", "run", "./wasm/http/link", "-in", file, "-to", file)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("link guest: %w: %s", err, out)
	}
	return file, nil
}

// WriteGuest writes a guest and its manifest where Traefik looks for a local
// plugin.
func WriteGuest(gopath, guest string) error {
	root, err := process.Root()
	if err != nil {
		return err
	}
	wasm, err := os.ReadFile(guest)
	manifest, err2 := os.ReadFile(filepath.Join(root, "wasm", "http", "traefik.yml"))
	if err = errors.Join(err, err2); err != nil {
		return fmt.Errorf("write guest: %w", err)
	}
	dir := filepath.Join(gopath, "src", filepath.FromSlash(GuestModule))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write guest: %w", err)
	}
	err = errors.Join(os.WriteFile(filepath.Join(dir, "plugin.wasm"), wasm, 0o644), os.WriteFile(filepath.Join(dir, ".traefik.yml"), manifest, 0o644))
	if err != nil {
		return fmt.Errorf("write guest: %w", err)
	}
	return nil
}
