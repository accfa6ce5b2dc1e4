package deploy

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"sigs.k8s.io/yaml"
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
			want := 3 // gateway, glacis, application
			if _, aside := p.Services["sidecar"]; aside != (p.Services["glacis"].Command[0] == "proxy") {
				t.Error("a sidecar beside glacis belongs to glacis proxy, and to nothing else")
			} else if aside {
				want++
			}
			if len(p.Services) != want {
				t.Errorf("services %v", p.ServiceNames())
			}
			for name, s := range p.Services {
				checkService(t, name, s, targets)
				if len(s.Command) > 0 && s.Command[0] == "sidecar" {
					checkSidecar(t, name, s)
				}
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
		if v.Type == types.VolumeTypeVolume {
			if v.Target != "/var/lib/glacis" {
				t.Errorf("%s: keeps %s", name, v.Target)
			}
			continue
		}
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

// checkSidecar looks whether a sidecar keeps what it learns, and shares the
// network of those that ask it.
func checkSidecar(t *testing.T, name string, s types.ServiceConfig) {
	i := slices.Index(s.Command, "--store")
	if i < 0 || !slices.ContainsFunc(s.Volumes, func(v types.ServiceVolumeConfig) bool {
		return v.Type == types.VolumeTypeVolume && v.Source != "" && v.Target == s.Command[i+1] && !v.ReadOnly
	}) {
		t.Errorf("%s: %q has no volume for its store in %v", name, s.Command, s.Volumes)
	}
	if !strings.HasPrefix(s.NetworkMode, "service:") || len(s.Ports) > 0 || s.HealthCheck == nil {
		t.Errorf("%s: network %q, ports %v, health check %v", name, s.NetworkMode, s.Ports, s.HealthCheck)
	}
}

func exists(t *testing.T, service, path string) {
	if _, err := os.Stat(path); err != nil {
		t.Errorf("%s: %v", service, err)
	}
}

// TestComposeKong gives Kong's environment and declarative configuration to the
// real plugin server: it starts with those flags, knows those settings and reads
// that policy.
func TestComposeKong(t *testing.T) {
	p := project(t, root+"/deploy/compose/kong.yaml")
	kong := p.Services["kong"]
	dir := t.TempDir()
	server := filepath.Join(dir, "glacis")
	cmd := exec.Command("go", "build", "-o", server, "./plugins/kong/cmd/glacis")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the plugin server: %v: %s", err, out)
	}
	here := strings.NewReplacer("/usr/local/bin/glacis", server, "/usr/local/kong", dir)
	command := func(key string) []string { return strings.Fields(here.Replace(*kong.Environment[key])) }
	query := command("KONG_PLUGINSERVER_GLACIS_QUERY_CMD")
	dump, err := exec.Command(query[0], query[1:]...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var declared struct {
		Services []struct{ URL string }
		Plugins  []struct {
			Name   string
			Config map[string]any
		}
	}
	if err := yaml.Unmarshal(file(t, root+"/deploy/compose/kong/kong.yml"), &declared); err != nil {
		t.Fatal(err)
	}
	for setting := range declared.Plugins[0].Config {
		if !strings.Contains(string(dump), `"`+setting+`"`) {
			t.Errorf("the plugin has no setting %s", setting)
		}
	}
	start := command("KONG_PLUGINSERVER_GLACIS_START_CMD")
	launch(t, start[0], start[1:]...)
	socket := here.Replace(*kong.Environment["KONG_PLUGINSERVER_GLACIS_SOCKET"])
	for range 3000 {
		if _, err := os.Stat(socket); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if _, err := os.Stat(socket); err != nil {
		t.Errorf("the plugin server does not listen: %v", err)
	}
	if out, err := exec.Command(glacis(t), "policy", "lint", root+"/deploy/compose/policy").CombinedOutput(); err != nil {
		t.Errorf("the policy: %v: %s", err, out)
	}
}
