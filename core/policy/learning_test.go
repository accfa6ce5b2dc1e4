package policy

import (
	"testing"

	"github.com/glacis-waf/glacis/core/profile"
)

func TestLearns(t *testing.T) {
	p := compile(t, `{"apiVersion":"glacis/v1","defaults":{"learning":"off"},"assets":[{"name":"a","hosts":["a.test"],"learning":"on"},
{"name":"b","hosts":["b.test"]},{"name":"c","hosts":["c.test"],"learning":"on","mode":"off"}],"learning":{"exclude":["body.json.**.iban"]}}`)
	if !p.Learns("a") || p.Learns("b") || p.Learns("c") || p.Learns("default") || !p.Learns("unknown") {
		t.Error("wrong assets learn")
	}
	if !p.Excludes("body.json.a.iban") || p.Excludes("body.json.name") {
		t.Error("wrong locations")
	}
}

// TestMaxDiscount: without a policy, and without the key, the bound is the
// profile's own.
func TestMaxDiscount(t *testing.T) {
	var none *Policy
	if n := none.MaxDiscount(); n != profile.MaxDiscount {
		t.Errorf("%d without a policy", n)
	}
	if n := compile(t, `{"apiVersion":"glacis/v1"}`).MaxDiscount(); n != profile.MaxDiscount {
		t.Errorf("%d without the key", n)
	}
	if n := compile(t, `{"apiVersion":"glacis/v1","learning":{"maxDiscount":7}}`).MaxDiscount(); n != 7 {
		t.Errorf("%d instead of 7", n)
	}
}

func TestAssetOf(t *testing.T) {
	p := compile(t, `{"apiVersion":"glacis/v1","defaults":{"mode":"detect"},"assets":[{"name":"a","hosts":["a.test"],"paths":["/x"],"mode":"prevent"}]}`)
	cases := [][4]string{{"/x/y?z", "A.test:80", "a", "prevent"}, {"/", "a.test", "default", "detect"}, {"http://a.test/x", "", "a", "prevent"}}
	for i := 0; i < len(cases); i++ {
		name, mode := p.Asset(cases[i][0], cases[i][1])
		if name != cases[i][2] || mode != cases[i][3] {
			t.Errorf("%v: %s %s", cases[i], name, mode)
		}
	}
}

// TestFaults: every fault has a key of its own.
func TestFaults(t *testing.T) {
	names := set([]string{"panic", "timeout", "sidecar", "config", "body", "overload", "busy", "headers", "host", "protocol"})
	for name := range names {
		p := compile(t, `{"apiVersion":"glacis/v1","failMode":{"`+name+`":"closed"}}`)
		for other := range names {
			if p.FailMode().Closed(other) != (other == name) {
				t.Errorf("with %s closed, %s is wrong", name, other)
			}
		}
	}
}
