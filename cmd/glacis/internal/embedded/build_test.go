package embedded

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
)

// wantEnv tells a test binary which model was put into it.
const wantEnv = "GLACIS_TEST_EMBEDDED"

// TestBuildWithModel builds this package as "make build MODEL=…" does and asks
// the result which model it has.
func TestBuildWithModel(t *testing.T) {
	if want := os.Getenv(wantEnv); want != "" {
		if m, _, err := Open(); err != nil || m == nil || m.Name() != want {
			t.Errorf("%v, %v, want %s", m, err, want)
		}
		return
	}
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no go command to build with")
	}
	here, err := filepath.Abs("model.tgz")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, overlay := filepath.Join(dir, "ours.tgz"), filepath.Join(dir, "overlay.json")
	deliverytest.Replace(t, file, deliverytest.Archive(t, "7.7.7"))
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{here: file}})
	if err != nil {
		t.Fatal(err)
	}
	deliverytest.Replace(t, overlay, text)
	cmd := exec.Command(tool, "test", "-count=1", "-overlay", overlay, "-run", "^TestBuildWithModel$", ".")
	cmd.Env = append(os.Environ(), wantEnv+"=basic 7.7.7")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
