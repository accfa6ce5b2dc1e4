package process

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/conformance/yaegi/set"
)

// ErrUnavailable says that a program cannot be installed here: no network, or a
// package manager is missing.
var ErrUnavailable = errors.New("cannot be installed here")

// Root is the directory of the repository.
func Root() (string, error) {
	m, err := set.FindModule(".", "github.com/glacis-waf/glacis")
	return m.Dir, err
}

// Install returns the path that `tools/fetch.sh what...` prints, which installs
// the program unless it is there. It wraps ErrUnavailable.
func Install(what ...string) (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	cmd := exec.Command(filepath.Join(root, "tools", "fetch.sh"), what...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 3 {
		err = ErrUnavailable
	}
	if err != nil {
		return "", fmt.Errorf("tools/fetch.sh %s: %w: %s", strings.Join(what, " "), err, strings.TrimSpace(said.String()))
	}
	return strings.TrimSpace(string(out)), nil
}

// Installed is Install for tests; it skips the test when the program cannot be
// had.
func Installed(t testing.TB, what ...string) string {
	t.Helper()
	path, err := Install(what...)
	if errors.Is(err, ErrUnavailable) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Build builds a command of this module, given by its import path, and returns
// the path of the executable, which has the command's name.
func Build(t testing.TB, command string) string {
	t.Helper()
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), filepath.Base(command))
	cmd := exec.Command("go", "build", "-o", path, command)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", command, err, out)
	}
	return path
}

// Example copies a configuration of deploy/ into dir with texts replaced,
// addresses above all. Each of them must be there, and none may contain another.
func Example(t testing.TB, dir, file string, change map[string]string) string {
	t.Helper()
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(root, "deploy", file))
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for from, to := range change {
		if !strings.Contains(text, from) {
			t.Fatalf("deploy/%s has no %q", file, from)
		}
		text = strings.ReplaceAll(text, from, to)
	}
	path := filepath.Join(dir, filepath.Base(file))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
