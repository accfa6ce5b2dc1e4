package deploy

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// plugin is what Traefik is told of the plugin: .traefik.yml.
func plugin(t *testing.T) (module string) {
	t.Helper()
	var about struct {
		DisplayName, Type, Import, BasePkg, Summary string
		TestData                                    map[string]any
	}
	if err := yaml.UnmarshalStrict(file(t, root+"/.traefik.yml"), &about); err != nil {
		t.Fatal(err)
	}
	module, ok := strings.CutSuffix(about.Import, "/plugins/traefik")
	if !ok || !strings.HasPrefix(string(file(t, root+"/go.mod")), "module "+module+"\n") {
		t.Fatalf("the plugin's import path is %s", about.Import)
	}
	return module
}

// TestTraefikValues reads the chart's values: the image is of the version that
// the Dockerfile starts from, the module is the plugin's, and the real Traefik
// understands the arguments. It is started where there are no plugins, so it must
// end because of the one that the arguments name.
func TestTraefikValues(t *testing.T) {
	var values struct {
		Image struct {
			Registry, Repository string
			Tag                  string
		}
		AdditionalArguments []string
	}
	if err := yaml.UnmarshalStrict(file(t, manifests+"traefik-values.yaml"), &values); err != nil {
		t.Fatal(err)
	}
	var base string
	for _, s := range stages(t) {
		if s.Name == "traefik" {
			base = s.BaseName
		}
	}
	if base != "traefik:v"+values.Image.Tag || values.Image.Repository != "glacis-traefik" {
		t.Errorf("image %+v, the Dockerfile starts from %s", values.Image, base)
	}
	module := plugin(t)
	if !strings.Contains(strings.Join(values.AdditionalArguments, "\n"), ".glacis.modulename="+module) {
		t.Errorf("%q do not name %s", values.AdditionalArguments, module)
	}
	traefik := process.Installed(t, "traefik", values.Image.Tag)
	refused := func(args []string) string {
		cmd := exec.Command(traefik, append([]string{"--entrypoints.web.address=127.0.0.1:0"}, args...)...)
		cmd.Dir = t.TempDir()
		out, err := cmd.CombinedOutput()
		if err == nil {
			t.Errorf("Traefik ends without an error: %s", out)
		}
		return string(out)
	}
	if said := refused(values.AdditionalArguments); !strings.Contains(said, filepath.Join("plugins-local/src", module)) {
		t.Errorf("Traefik does not look for %s: %s", module, said)
	}
	for i, a := range values.AdditionalArguments {
		args := append([]string{}, values.AdditionalArguments...)
		args[i] = strings.Replace(a, "--experimental.", "--experimentall.", 1)
		if said := refused(args); !strings.Contains(said, "field not found") {
			t.Errorf("Traefik understands %s: %s", args[i], said)
		}
	}
}

// TestTraefikCompose compares the static configuration of the compose file with
// the plugin's module; Traefik itself reads it in TestComposePlay.
func TestTraefikCompose(t *testing.T) {
	var static struct {
		Experimental struct {
			LocalPlugins map[string]struct{ ModuleName string }
		}
	}
	if err := yaml.Unmarshal(file(t, root+"/deploy/compose/traefik/traefik.yaml"), &static); err != nil {
		t.Fatal(err)
	}
	if got, want := static.Experimental.LocalPlugins["glacis"].ModuleName, plugin(t); got != want {
		t.Errorf("module %s, want %s", got, want)
	}
}
