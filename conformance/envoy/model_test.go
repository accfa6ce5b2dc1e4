package envoy

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/models/basic"
)

// TestModelInConfiguration loads a model from the plugin configuration.
func TestModelInConfiguration(t *testing.T) {
	_, p := plugin(t, `{"model":"`+basic.Model+`"}`)
	s := begin(t, p)
	must(t, s.Headers(get("/?id="+strings.ReplaceAll(attack, " ", "+")), true), s.Close())
	if answer(s) != 403 {
		t.Error("not blocked")
	}
}
