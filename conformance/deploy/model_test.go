package deploy

import (
	"encoding/base64"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/glacis-waf/glacis/conformance/internal/process"
	"github.com/glacis-waf/glacis/models/basic"
)

const modelName = "glacis-advanced-model.tgz"

// run runs the command to its end.
func run(t *testing.T, args ...string) {
	t.Helper()
	if said, err := exec.Command(glacis(t), args...).CombinedOutput(); err != nil {
		t.Fatalf("glacis %q: %v: %s", args, err, said)
	}
}

// signed makes a model, signed, and returns the folder with it, its signature and
// release.pub. The tables are the basic model's: what counts is where it came from.
func signed(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	tables, err := base64.StdEncoding.DecodeString(basic.Model)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "tables.bin"), tables)
	run(t, "model", "pack", "--tables", dir+"/tables.bin", "--out", dir+"/"+modelName)
	run(t, "model", "keygen", "--no-password", "--out", dir+"/release")
	run(t, "model", "sign", "--key", dir+"/release.key", dir+"/"+modelName)
	return dir
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// sidecarIn starts a sidecar for which the system's root is another folder, and
// returns what waits until its metrics have a line.
func sidecarIn(t *testing.T, folder, address string, args ...string) (has func(line string)) {
	t.Helper()
	cmd := exec.Command(glacis(t), args...)
	cmd.Env = append(cmd.Environ(), "GLACIS_ROOT="+folder)
	process.Run(t, cmd, process.Listens(address))
	return func(line string) {
		t.Helper()
		var said []byte
		for range 1500 {
			if res, err := http.Get("http://" + address + "/metrics"); err == nil {
				said, _ = io.ReadAll(res.Body) // half of it lacks the line
				_ = res.Body.Close()           // was read
			}
			if strings.Contains(string(said), "\n"+line+"\n") {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Errorf("no %s in the metrics:\n%s", line, said)
	}
}

// TestComposeModel starts the sidecar of the compose file with what it mounts:
// nothing but a key at first, then a model, which comes while it runs.
func TestComposeModel(t *testing.T) {
	p, dir := project(t, root+"/deploy/compose/envoy.yaml"), t.TempDir()
	s := p.Services["glacis"]
	address := process.Address(t)
	replace := replacer(p, dir, nil, map[string]string{"{http}": process.Port(t, address), "{grpc}": process.Port(t, process.Address(t))})
	copyVolumes(t, s, dir, replace)
	made, at := signed(t), map[string]string{}
	for _, v := range s.Volumes {
		at[filepath.Base(v.Source)] = filepath.Join(dir, "glacis", v.Target)
	}
	if at["model"] == "" || at["keys"] == "" {
		t.Fatalf("mounts %v", s.Volumes)
	}
	write(t, at["keys"]+"/release.pub", file(t, made+"/release.pub"))
	has := sidecarIn(t, filepath.Join(dir, "glacis"), address, arguments(s.Command, replace)...)
	has("glacis_model_signed 0")
	for _, name := range []string{modelName + ".minisig", modelName} {
		write(t, dir+"/"+name, file(t, made+"/"+name))
		if err := os.Rename(dir+"/"+name, at["model"]+"/"+name); err != nil {
			t.Fatal(err)
		}
	}
	has("glacis_model_signed 1")
}

// TestChartModel lays the volumes of the chart's pod out as Kubernetes does with
// ConfigMaps, by links that are swapped, and starts a sidecar on them.
func TestChartModel(t *testing.T) {
	files, err := render(t, string(file(t, "testdata/configmap.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	made, folder := signed(t), t.TempDir()
	maps := map[string][]string{"glacis-model": {modelName, modelName + ".minisig"}, "glacis-model-keys": {"release.pub"}}
	for _, o := range objects(t, files) {
		pod := podOf(o)
		if pod == nil {
			continue
		}
		volumes := map[string]string{}
		for _, v := range pod.Volumes {
			if v.ConfigMap != nil {
				volumes[v.Name] = v.ConfigMap.Name
			}
		}
		for _, m := range pod.Containers[0].VolumeMounts {
			for _, name := range maps[volumes[m.Name]] {
				to := filepath.Join(folder, m.MountPath)
				write(t, filepath.Join(to, "..1", name), file(t, made+"/"+name))
				if err := os.Symlink(filepath.Join("..data", name), filepath.Join(to, name)); err != nil {
					t.Fatal(err)
				}
				if err := os.Symlink("..1", filepath.Join(to, "..data")); err != nil && !os.IsExist(err) {
					t.Fatal(err)
				}
			}
		}
	}
	address := process.Address(t)
	has := sidecarIn(t, folder, address, "sidecar", "--http", address, "--grpc", "unix:"+folder+"/grpc.sock")
	has("glacis_model_signed 1")
}

// TestConfigMapHoldsModel weighs the advanced model with its signature.
func TestConfigMapHoldsModel(t *testing.T) {
	archive, err := os.ReadFile(root + "/build/" + modelName)
	if err != nil {
		t.Skip("no advanced model: make models builds it")
	}
	signature := file(t, signed(t)+"/"+modelName+".minisig")
	if size := len(archive) + len(signature); size > corev1.MaxSecretSize { // that of ConfigMaps, too
		t.Errorf("%d bytes, a ConfigMap holds %d", size, corev1.MaxSecretSize)
	}
}
