package envoy

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/models/basic"
)

// TestModelUpdate plays the sidecar: no answer, a broken one, a model, and the
// news that it is still the newest.
func TestModelUpdate(t *testing.T) {
	model, err := base64.StdEncoding.DecodeString(basic.Model)
	if err != nil {
		t.Fatal(err)
	}
	vm, p := plugin(t, `{"sidecar":"waf","pollSeconds":30}`)
	if vm.TickMillis == 0 || vm.TickMillis > 1000 {
		t.Errorf("first question after %d ms", vm.TickMillis)
	}
	ask := func(wantETag string) {
		t.Helper()
		vm.Calls = nil
		must(t, p.Tick(), p.Tick()) // the second finds a question under way
		if len(vm.Calls) != 1 || vm.Calls[0].Cluster != "waf" || vm.TickMillis != 30000 {
			t.Fatalf("calls %v, tick %d", vm.Calls, vm.TickMillis)
		}
		etag := ""
		for _, h := range vm.Calls[0].Headers {
			if h[0] == "if-none-match" {
				etag = h[1]
			}
		}
		if etag != wantETag {
			t.Errorf("If-None-Match %q, want %q", etag, wantETag)
		}
	}
	ask("")
	must(t, vm.Answer(vm.Calls[0], nil, nil))
	ask("")
	must(t, vm.Answer(vm.Calls[0], [][2]string{{":status", "500"}}, []byte("oops")))
	ask("")
	must(t, vm.Answer(vm.Calls[0], [][2]string{{":status", "200"}, {"etag", `"x"`}}, model[:len(model)-1]))
	if vm.Metrics["glacis.model_update_failures"] != 3 || vm.Metrics["glacis.model_updates"] != 0 {
		t.Errorf("metrics %v", vm.Metrics)
	}
	ask("")
	must(t, vm.Answer(vm.Calls[0], [][2]string{{":status", "200"}, {"etag", `"v2"`}}, model))
	ask(`"v2"`)
	must(t, vm.Answer(vm.Calls[0], [][2]string{{":status", "304"}}, nil))
	if vm.Metrics["glacis.model_update_failures"] != 3 || vm.Metrics["glacis.model_updates"] != 1 {
		t.Errorf("metrics %v, log %v", vm.Metrics, vm.Logs)
	}
	s := begin(t, p)
	must(t, s.Headers(get("/?id="+strings.ReplaceAll(attack, " ", "+")), true), s.Close())
	if answer(s) != 403 {
		t.Error("the new model does not block")
	}
}

// TestModelInConfiguration loads a model from the plugin configuration.
func TestModelInConfiguration(t *testing.T) {
	_, p := plugin(t, `{"model":"`+basic.Model+`"}`)
	s := begin(t, p)
	must(t, s.Headers(get("/?id="+strings.ReplaceAll(attack, " ", "+")), true), s.Close())
	if answer(s) != 403 {
		t.Error("not blocked")
	}
}
