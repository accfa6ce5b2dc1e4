package deploy

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
)

// composeFiles are the compose files of deploy/compose.
func composeFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(root + "/deploy/compose/*.yaml")
	if err != nil || len(files) != 5 {
		t.Fatalf("%v: %v", files, err)
	}
	return files
}

// project loads a compose file as docker compose does, which checks it with the
// schema of the Compose specification.
func project(t *testing.T, path string) *types.Project {
	t.Helper()
	absolute, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	p, err := loader.LoadWithContext(context.Background(), types.ConfigDetails{WorkingDir: filepath.Dir(absolute),
		ConfigFiles: []types.ConfigFile{{Filename: absolute}}, Environment: types.Mapping{}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestComposeFiles(t *testing.T) {
	var targets []string
	for _, s := range stages(t) {
		targets = append(targets, s.Name)
	}
	for _, path := range composeFiles(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			p := project(t, path)
			if len(p.Services) != 3 {
				t.Errorf("services %v", p.ServiceNames())
			}
			for name, s := range p.Services {
				checkService(t, name, s, targets)
			}
			if g := p.Services["glacis"]; !strings.HasPrefix(g.NetworkMode, "service:") || len(g.Ports) > 0 || g.HealthCheck == nil || g.User != "" {
				t.Errorf("glacis: network %q, ports %v, health check %v, user %q", g.NetworkMode, g.Ports, g.HealthCheck, g.User)
			}
		})
	}
}

func checkService(t *testing.T, name string, s types.ServiceConfig, targets []string) {
	switch {
	case s.Build == nil && !pinned.MatchString(s.Image):
		t.Errorf("%s: image %s is not pinned", name, s.Image)
	case s.Build != nil:
		if !slices.Contains(targets, s.Build.Target) {
			t.Errorf("%s: the Dockerfile has no target %q", name, s.Build.Target)
		}
		exists(t, name, filepath.Join(s.Build.Context, s.Build.Dockerfile))
	}
	for _, v := range s.Volumes {
		exists(t, name, v.Source)
		if !v.ReadOnly {
			t.Errorf("%s: %s may be written to", name, v.Target)
		}
	}
	// Kong writes below its prefix, whose place its image decides.
	if name != "kong" && !s.ReadOnly {
		t.Errorf("%s: its root may be written to", name)
	}
	if !slices.Equal(s.CapDrop, []string{"ALL"}) || len(s.CapAdd) > 0 || s.Privileged || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
		t.Errorf("%s: capabilities -%v +%v, privileged %v, %v", name, s.CapDrop, s.CapAdd, s.Privileged, s.SecurityOpt)
	}
	if s.User == "" && s.Build != nil && s.Build.Target != "glacis" || s.User == "root" || s.User == "0" {
		t.Errorf("%s: user %q", name, s.User)
	}
}

func exists(t *testing.T, service, path string) {
	if _, err := os.Stat(path); err != nil {
		t.Errorf("%s: %v", service, err)
	}
}
