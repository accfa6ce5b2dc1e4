package deploy

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// attack is what must not pass.
const attack = "1' union select name,password from users-- "

// plays are the compose files whose gateways can be had here.
var plays = []struct {
	file, gateway string
	fetch         []string
	bodies        bool
	// to is what texts become here, with the names of ports in braces.
	to map[string]string
}{
	{"envoy.yaml", "envoy", []string{"envoy", "1.40.0"}, true, map[string]string{
		"address: app, port_value: 8080": "address: 127.0.0.1, port_value: {application}", "port_value: 8000": "port_value: {client}", "port_value: 9192": "port_value: {grpc}"}},
	{"nginx-auth-request.yaml", "nginx", []string{"nginx"}, false, map[string]string{"server app:8080": "server localhost:{application}", "0.0.0.0:8000": "127.0.0.1:{client}"}},
	{"nginx-proxy.yaml", "nginx", []string{"nginx"}, true, map[string]string{"//app:8080": "//localhost:{application}", "0.0.0.0:10000": "127.0.0.1:{client}"}},
	{"traefik.yaml", "traefik", []string{"traefik", "3.7.15"}, true, map[string]string{"//app:8080": "//127.0.0.1:{application}", `":8000"`: `"127.0.0.1:{client}"`}},
}

// TestComposePlay runs the commands of the compose files, with their
// configurations, as processes of this host, and sends an attack.
func TestComposePlay(t *testing.T) {
	for _, p := range plays {
		t.Run(p.file, func(t *testing.T) {
			binary := process.Installed(t, p.fetch...)
			backend := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			defer backend.Close()
			application, _ := url.Parse(backend.URL)
			ports := map[string]string{"{application}": application.Port()}
			for _, name := range []string{"client", "http", "grpc", "proxy", "metrics"} {
				ports["{"+name+"}"] = process.Port(t, process.Address(t))
			}
			project := project(t, root+"/deploy/compose/"+p.file)
			dir := t.TempDir()
			replace := replacer(project, dir, p.to, ports)
			for _, s := range project.Services {
				copyVolumes(t, s, dir, replace)
			}
			for _, name := range []string{"sidecar", "glacis"} {
				if s, ok := project.Services[name]; ok {
					inspector(t, s, replace)
				}
			}
			launchIn(t, workDir(t, p.gateway, dir), binary, arguments(project.Services[p.gateway].Command[1:], replace)...)
			site := "http://127.0.0.1:" + ports["{client}"]
			if out, err := exec.Command(glacis(t), "health", "--wait", "2m", site+"/").CombinedOutput(); err != nil {
				t.Fatalf("the gateway: %v: %s", err, out)
			}
			for target, want := range map[string]int{"/?q=lamp": 200, "/?q=" + url.QueryEscape(attack): 403} {
				if res, err := http.Get(site + target); err != nil || res.StatusCode != want {
					t.Errorf("%s: %v %v, want %d", target, res, err, want)
				}
			}
			if res, err := http.PostForm(site, url.Values{"q": {attack}}); err != nil || (res.StatusCode == 403) != p.bodies {
				t.Errorf("in a form: %v %v", res, err)
			}
			if _, aside := project.Services["sidecar"]; aside {
				hears(t, "http://127.0.0.1:"+ports["{http}"])
			}
		})
	}
}

// inspector starts a service of the image glacis and waits for its health check.
func inspector(t *testing.T, s types.ServiceConfig, replace *strings.Replacer) {
	t.Helper()
	launch(t, glacis(t), arguments(s.Command, replace)...)
	check := arguments(s.HealthCheck.Test[2:], replace) // behind CMD and the program
	check = append([]string{"health", "--wait", "1m"}, check[len(check)-1])
	if out, err := exec.Command(glacis(t), check...).CombinedOutput(); err != nil {
		t.Fatalf("the health check %q: %v: %s", check, err, out)
	}
}

// hears waits until a sidecar has heard of a proxy.
func hears(t *testing.T, sidecar string) {
	t.Helper()
	var said []byte
	for range 1500 {
		said, _ = exec.Command(glacis(t), "status", "--json", "--proxy", "", "--sidecar", sidecar).Output() // its status says more than we ask
		if strings.Contains(string(said), `"kind":"proxy"`) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("the sidecar never heard of the proxy: %s", said)
}

// replacer replaces paths in containers and addresses.
func replacer(p *types.Project, dir string, to, ports map[string]string) *strings.Replacer {
	pairs := []string{"127.0.0.1:9191", "127.0.0.1:{http}", "127.0.0.1:9192", "127.0.0.1:{grpc}", "127.0.0.1:8081", "127.0.0.1:{proxy}",
		"127.0.0.1:9090", "127.0.0.1:{metrics}"}
	for from, text := range to {
		pairs = append(pairs, from, text)
	}
	for i := range pairs {
		for name, port := range ports {
			pairs[i] = strings.ReplaceAll(pairs[i], name, port)
		}
	}
	for _, s := range p.Services {
		for _, v := range s.Volumes {
			pairs = append(pairs, v.Target, filepath.Join(dir, s.Name, v.Target))
		}
	}
	return strings.NewReplacer(append(pairs, "/tmp", dir)...)
}

// arguments are those of a command here; the proxy is told an address for its
// metrics, because its own default may be taken.
func arguments(command []string, replace *strings.Replacer) (args []string) {
	for _, a := range command {
		args = append(args, replace.Replace(a))
	}
	if args[0] == "proxy" {
		args = append(args, "--metrics-listen", replace.Replace("127.0.0.1:9090"))
	}
	return args
}

// copyVolumes puts what a service mounts below dir, with other addresses.
func copyVolumes(t *testing.T, s types.ServiceConfig, dir string, replace *strings.Replacer) {
	t.Helper()
	for _, v := range s.Volumes {
		if v.Type == types.VolumeTypeVolume {
			if err := os.MkdirAll(filepath.Join(dir, s.Name, v.Target), 0o700); err != nil {
				t.Fatal(err)
			}
			continue
		}
		err := filepath.WalkDir(v.Source, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			to := filepath.Join(dir, s.Name, v.Target, strings.TrimPrefix(path, v.Source))
			if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
				return err
			}
			return os.WriteFile(to, []byte(replace.Replace(string(text))), 0o600)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// workDir is where a gateway is started: Traefik with the plugin's sources.
func workDir(t *testing.T, gateway, dir string) string {
	t.Helper()
	if gateway != "traefik" {
		return dir
	}
	cmd := exec.Command("go", "run", "./conformance/traefik/tree", "-to", filepath.Join(dir, "plugins-local"))
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}
