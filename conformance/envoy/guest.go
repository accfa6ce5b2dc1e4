package envoy

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

var built struct {
	sync.Once
	file string
	err  error
}

// Guest builds build/glacis.wasm as `make wasm` does, once per process, and
// returns its path.
func Guest() (string, error) {
	built.Do(func() { built.file, built.err = build() })
	return built.file, built.err
}

func build() (string, error) {
	root, err := process.Root()
	if err != nil {
		return "", err
	}
	file := filepath.Join(root, "build", "glacis.wasm")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return "", fmt.Errorf("build guest: %w", err)
	}
	cmd := exec.Command("go", "run", "./wasm/compile", "-o", file)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build guest: %w: %s", err, out)
	}
	return file, nil
}
