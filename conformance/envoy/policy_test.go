package envoy

import (
	"strings"
	"testing"
)

// TestPolicy gives the plugin a policy with two sites, one of which only reports,
// and an exception for one client.
func TestPolicy(t *testing.T) {
	vm, p := plugin(t, `{"policy":{"apiVersion":"glacis/v1","name":"shop","defaults":{"mode":"detect"},
		"assets":[{"name":"shop","hosts":["shop.test"],"mode":"prevent"}],
		"exceptions":[{"id":"scanner","sources":["192.0.2.0/24"],"families":["sqli"],"owner":"ops","reason":"our scanner","expires":"2999-01-01"}]}}`)
	hostile := get("/?id=" + strings.ReplaceAll(attack, " ", "+"))
	for _, c := range []struct{ host, client, action string }{
		{"shop.test", "198.51.100.1:9", "block"},
		{"other.test", "198.51.100.1:9", "detect"},
		{"shop.test", "192.0.2.9:9", "pass"},
	} {
		vm.Properties["source\x00address"] = c.client
		vm.Logs = nil
		hostile[0][1] = c.host
		s := begin(t, p)
		must(t, s.Headers(hostile, true), s.Close())
		if refused := s.Response != nil; refused != (c.action == "block") {
			t.Errorf("%+v: answer %v", c, s.Response)
		}
		if c.action == "pass" {
			continue
		}
		e := event(t, vm)
		policy, _ := e["glacis.policy"].(string)
		if e["event.action"] != c.action || !strings.HasPrefix(policy, "shop@") {
			t.Errorf("%+v: %v", c, e)
		}
	}
}
