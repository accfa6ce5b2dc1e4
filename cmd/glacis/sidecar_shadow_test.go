package main

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
	"github.com/glacis-waf/glacis/models/shadow"
)

// TestSidecarShadow has a sidecar compare its verdicts with those of a model
// that finds nothing; the answers stay those of the first.
func TestSidecarShadow(t *testing.T) {
	at(t)
	file := filepath.Join(t.TempDir(), "blind.tgz")
	deliverytest.Replace(t, file, deliverytest.Blind(t, "9.0.0"))
	refused(t, "--shadow-sample", "sidecar", "--shadow-model", file, "--shadow-sample", "2")
	refused(t, "--shadow-model", "sidecar", "--shadow-model", file)
	addresses, _ := startSidecar(t, "--shadow-model", file, "--shadow-sample", "1", "--model-unsigned", "--log", "off")
	for target, status := range map[string]int{"/?q=lamp": http.StatusOK, "/?q=1'+union+select+name,password+from+users--+-": http.StatusForbidden} {
		res, err := http.Get("http://" + addresses[0] + "/v1/authz/envoy" + target)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != status {
			t.Errorf("%s: %s", target, res.Status)
		}
	}
	var r shadow.Report
	for range 1000 {
		if err := json.Unmarshal([]byte(glacis(t, "model", "compare", "--sidecar", addresses[0], "--json")), &r); err != nil || r.Compared == 2 {
			break
		}
	}
	if r.Compared != 2 || r.Passes != 1 || r.Blocks != 0 || r.Model != "basic 9.0.0" || len(r.Differences) != 1 {
		t.Errorf("%+v", r)
	}
	if out := glacis(t, "model", "compare", "--sidecar", addresses[0]); !strings.Contains(out, "only it would pass   1") {
		t.Error(out)
	}
	if out := glacis(t, "status", "--sidecar", addresses[0]); !strings.Contains(out, "beside it basic 9.0.0: of 2 requests only it would block 0, only it would pass 1") {
		t.Error(out)
	}
	other, _ := startSidecar(t)
	refused(t, "--sidecar: there is no shadow model", "model", "compare", "--sidecar", other[0])
	refused(t, "one of them", "model", "compare", "--sidecar", other[0], "--live", "http://127.0.0.1:1")
}
