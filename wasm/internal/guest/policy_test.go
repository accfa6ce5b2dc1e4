package guest

import (
	"testing"

	"github.com/glacis-waf/glacis/core"
)

// TestPolicyInline checks that a policy in the plugin configuration reaches
// the engine.
func TestPolicyInline(t *testing.T) {
	o, err := parseOptions([]byte(`{"policy":{"apiVersion":"glacis/v1","assets":[{"name":"shop","hosts":["shop.test"],"mode":"detect"}],
"exceptions":[{"id":"search","assets":["shop"],"locations":["query.q"]}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	e, err := o.engine(nil)
	if err != nil {
		t.Fatal(err)
	}
	const attack = "=1%27%20union%20select%20password%20from%20users--"
	host := []core.Header{{Name: "host", Value: "shop.test"}}
	if v := e.Inspect(&core.Request{Method: "GET", URI: "/?q" + attack, Headers: host}); v.Action != core.Pass || v.Asset != "shop" {
		t.Errorf("%+v", v)
	}
	if v := e.Inspect(&core.Request{Method: "GET", URI: "/?p" + attack, Headers: host}); v.Action != core.Block || v.Mode != "detect" {
		t.Errorf("%+v", v)
	}
	if _, err := parseOptions([]byte(`{"policy":{"apiVersion":"glacis/v1","defaults":{"modes":"detect"}}}`)); err == nil ||
		err.Error() != `policy.defaults.modes: unknown key, did you mean "mode"?` {
		t.Error(err)
	}
}
