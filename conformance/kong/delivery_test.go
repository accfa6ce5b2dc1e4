package kong

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
)

// modelFile is a file with a signed model, and the flags of a plugin server that
// takes it.
type modelFile struct {
	*deliverytest.Signer
	path  string
	flags []string
}

func newModelFile(t *testing.T, archive []byte) *modelFile {
	t.Helper()
	dir := t.TempDir()
	m := &modelFile{Signer: deliverytest.NewSigner(t), path: filepath.Join(dir, "model.tgz")}
	key := filepath.Join(dir, "release.pub")
	deliverytest.Replace(t, key, []byte(m.String()+"\n"))
	m.Write(t, m.path, archive)
	m.flags = []string{"-model", m.path, "-model-key", key}
	return m
}

// TestMiniModel: behind two workers and under load another model comes into
// force; every answer is one of the first model or one of the second.
func TestMiniModel(t *testing.T) {
	t.Parallel()
	m := newModelFile(t, deliverytest.Blind(t, "8.0.0"))
	r := newRig(t, config, 2, m.flags...)
	r.want(200, "GET", attack, nil)
	stop := make(chan struct{})
	counts := r.load(4, stop)
	m.Write(t, m.path, deliverytest.Archive(t, "8.0.1"))
	r.events.Await(t, "basic 8.0.1 is in force, signed by "+delivery.KeyID(m.ID()))
	deliverytest.Replace(t, m.path, deliverytest.Blind(t, "8.0.2"))
	r.events.Await(t, "refused, basic 8.0.1 stays in force")
	close(stop)
	if got := counts(); len(got) != 3 || got["good 200"] == 0 || got["attack 200"] == 0 || got["attack 403"] == 0 {
		t.Errorf("answers: %v\n%s", got, r.Log())
	}
	r.want(403, "GET", attack, nil)
	if s := r.configure(""); s.Retries > 0 {
		t.Errorf("%d connections lost", s.Retries)
	}
}

// TestMiniModelOfPlugin: the plugin's configuration names a model, and another
// configuration the process's again. The key comes by the environment.
func TestMiniModelOfPlugin(t *testing.T) {
	m := newModelFile(t, deliverytest.Blind(t, "8.1.0"))
	t.Setenv(delivery.EnvKey, m.flags[3])
	r := newRig(t, config, 1)
	own := strings.TrimSuffix(config, "}") + `,"model":` + quoted(t, m.path) + "}"
	for range 2 {
		r.want(403, "GET", attack, nil)
		r.configure(own)
		r.want(200, "GET", attack, nil)
		r.configure(config)
	}
}

// TestMiniWellKnown: a model that is mounted at the well-known path counts
// without any setting, also when it comes later.
func TestMiniWellKnown(t *testing.T) {
	root := t.TempDir()
	t.Setenv(delivery.EnvRoot, root)
	signer := deliverytest.NewSigner(t)
	deliverytest.Replace(t, filepath.Join(root, delivery.WellKnownKeys, "release.pub"), []byte(signer.String()+"\n"))
	r := newRig(t, config, 1)
	r.want(403, "GET", attack, nil)
	signer.Write(t, filepath.Join(root, delivery.WellKnownPath), deliverytest.Blind(t, "8.2.0"))
	r.events.Await(t, "basic 8.2.0 is in force")
	r.want(200, "GET", attack, nil)
}

// TestMiniPolicyFile: a policy comes from a file and changes under load.
func TestMiniPolicyFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "policy.yaml")
	put := func(mode string) {
		t.Helper()
		text := "apiVersion: glacis/v1\nname: " + mode + "\ndefaults: {mode: " + mode + "}\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("prevent")
	r := newRig(t, strings.TrimSuffix(config, "}")+`,"policy_file":`+quoted(t, path)+"}", 2)
	r.want(403, "GET", attack, nil)
	stop := make(chan struct{})
	counts := r.load(4, stop)
	put("detect")
	r.events.Await(t, "policy detect@")
	time.Sleep(50 * time.Millisecond)
	put("nonsense")
	r.events.Await(t, "not reloaded, detect@")
	close(stop)
	if got := counts(); len(got) != 3 || got["good 200"] == 0 || got["attack 200"] == 0 || got["attack 403"] == 0 {
		t.Errorf("answers: %v\n%s", got, r.Log())
	}
	r.want(200, "GET", attack, nil)
}

// quoted is a string as JSON.
func quoted(t *testing.T, s string) string {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
