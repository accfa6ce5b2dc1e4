package traefik

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/glacis-waf/glacis/conformance/yaegi/set"
)

// ErrUnavailable says that Traefik cannot be installed here.
var ErrUnavailable = errors.New("traefik cannot be had here")

// Fetch returns the path of a binary of that version, which tools/fetch.sh
// installs unless it is there. It wraps ErrUnavailable when the network or a
// tool is missing.
func Fetch(version string) (string, error) {
	module, err := set.FindModule(".", Module)
	if err != nil {
		return "", err
	}
	var said bytes.Buffer
	cmd := exec.Command(filepath.Join(module.Dir, "tools", "fetch.sh"), "traefik", version)
	cmd.Stderr = &said
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 3 {
		return "", fmt.Errorf("%w: %s", ErrUnavailable, strings.TrimSpace(said.String()))
	}
	if err != nil {
		return "", fmt.Errorf("fetch traefik %s: %w: %s", version, err, strings.TrimSpace(said.String()))
	}
	return strings.TrimSpace(string(out)), nil
}
