package deploy

import (
	"bytes"
	"debug/elf"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

const dockerfile = root + "/deploy/docker/Dockerfile"

// pinned is an image with a version in its tag, of three numbers.
var pinned = regexp.MustCompile(`^[a-z0-9./-]+:v?\d+\.\d+\.\d+(-[a-z]+)?$`)

// stages parses the Dockerfile as BuildKit does.
func stages(t *testing.T) []instructions.Stage {
	t.Helper()
	result, err := parser.Parse(bytes.NewReader(file(t, dockerfile)))
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Warnings) > 0 {
		t.Errorf("warnings: %v", result.Warnings)
	}
	all, _, err := instructions.Parse(result.AST, nil)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestDockerfileBases(t *testing.T) {
	var names []string
	for _, s := range stages(t) {
		if s.BaseName != "scratch" && !slices.Contains(names, s.BaseName) && !pinned.MatchString(s.BaseName) {
			t.Errorf("stage %s: %s is neither pinned nor a stage above", s.Name, s.BaseName)
		}
		for _, c := range s.Commands {
			if c, ok := c.(*instructions.CopyCommand); ok && c.From != "" && !slices.Contains(names, c.From) {
				t.Errorf("stage %s copies from %s, which is no stage above", s.Name, c.From)
			}
		}
		names = append(names, s.Name)
	}
	if last := names[len(names)-1]; last != "glacis" {
		t.Errorf("the default stage is %s", last)
	}
}

// TestDockerfileFinal reads what the image says about itself: nothing but the
// executable, no rights, a health check and a command that exist.
func TestDockerfileFinal(t *testing.T) {
	all := stages(t)
	final := all[len(all)-1]
	if final.BaseName != "scratch" {
		t.Errorf("based on %s", final.BaseName)
	}
	var user, stop string
	var start, health []string
	for _, c := range final.Commands {
		switch c := c.(type) {
		case *instructions.UserCommand:
			user = c.User
		case *instructions.StopSignalCommand:
			stop = c.Signal
		case *instructions.EntrypointCommand:
			start = append(start, c.CmdLine...)
		case *instructions.CmdCommand:
			start = append(start, c.CmdLine...)
		case *instructions.HealthCheckCommand:
			health = c.Health.Test
		case *instructions.RunCommand:
			t.Errorf("RUN in an image without a shell: %s", c)
		}
	}
	if user != "65532:65532" || stop != "SIGTERM" {
		t.Errorf("user %s, stop signal %s", user, stop)
	}
	if want := []string{"CMD", "/usr/local/bin/glacis", "health", "unix:/run/glacis/http.sock"}; !slices.Equal(health, want) {
		t.Errorf("health check %q", health)
	}
	// Both commands are given to the real executable, with another folder.
	dir := t.TempDir()
	moved := func(args []string) []string {
		return strings.Split(strings.ReplaceAll(strings.Join(args[1:], "\x00"), "/run/glacis", dir), "\x00")
	}
	if start[0] != "/usr/local/bin/glacis" {
		t.Fatalf("starts %q", start)
	}
	launch(t, glacis(t), moved(start)...)
	ask := append([]string{"health", "--wait", "1m"}, moved(health[1:])[1:]...)
	if out, err := exec.Command(glacis(t), ask...).CombinedOutput(); err != nil {
		t.Errorf("the health check fails: %v: %s", err, out)
	}
}

// TestDockerfileBuild runs the build stage's own build command here and looks
// whether the executable is static.
func TestDockerfileBuild(t *testing.T) {
	out := filepath.Join(t.TempDir(), "glacis")
	var ran bool
	for _, s := range stages(t) {
		if s.Name != "build" {
			continue
		}
		for _, c := range s.Commands {
			run, ok := c.(*instructions.RunCommand)
			if !ok || !strings.HasPrefix(run.CmdLine[0], "go build") {
				continue
			}
			ran = true
			cmd := exec.Command("sh", "-c", strings.ReplaceAll(run.CmdLine[0], "/out/bin/glacis", out))
			cmd.Dir = root
			cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0", "VERSION=1.2.3")
			if said, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, said)
			}
		}
	}
	if !ran {
		t.Fatal("no build command")
	}
	f, err := elf.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if libraries, err := f.ImportedLibraries(); err != nil || len(libraries) > 0 {
		t.Errorf("needs %v: %v", libraries, err)
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("needs a loader")
		}
	}
	if said, err := exec.Command(out, "version").Output(); err != nil || !strings.HasPrefix(string(said), "glacis 1.2.3\n") {
		t.Errorf("says %q: %v", said, err)
	}
}
