package policy

import "testing"

const answersPolicy = `{"apiVersion":"glacis/v1","defaults":{"protections":{"errorDisclosure":{"mode":"detect"}}},"assets":[
{"name":"shop","hosts":["shop.test","*.shop.test"],"protections":{"openRedirect":{"mode":"prevent","trustedHosts":["pay.example","*.login.example"]},
"securityHeaders":{"mode":"prevent"}}},
{"name":"bare","hosts":["*","*:8080"],"protections":{"errorDisclosure":{"mode":"off"},"securityHeaders":{"mode":"off"}}},
{"name":"other","hosts":["other.test:8443"],"protections":{"securityHeaders":{"mode":"detect","headers":[{"name":"A","value":"b"}]}}}]}`

func TestAnswers(t *testing.T) {
	p := compile(t, answersPolicy)
	shop := p.Answers("shop")
	if shop == nil || shop.OpenRedirect != "prevent" || shop.ErrorDisclosure != "detect" || shop.SecurityHeaders != "prevent" || len(shop.Headers) != 3 {
		t.Errorf("%+v", shop)
	}
	other := p.Answers("other")
	if other == nil || len(other.Headers) != 1 || other.SecurityHeaders != "detect" || other.OpenRedirect != "" {
		t.Errorf("%+v", other)
	}
	if p.Answers("bare") != nil || p.Answers("nobody") != nil {
		t.Error("checks that nobody wants")
	}
}

func TestForeign(t *testing.T) {
	p := compile(t, answersPolicy)
	cases := []struct {
		asset, requested, target string
		want                     bool
	}{
		{"shop", "shop.test", "shop.test:444", false}, {"shop", "shop.test:80", "www.shop.test", false}, {"shop", "shop.test", "evil.example", true},
		{"shop", "shop.test", "shop.test.evil.example", true}, {"shop", "shop.test", "evilshop.test", true}, {"shop", "shop.test", "pay.example", false},
		{"shop", "shop.test", "a.login.example", false}, {"shop", "shop.test", "login.example", true}, {"bare", "x.test", "pay.example", true},
		{"bare", "x.test", "a.shop.test", false}, {"bare", "x.test", "other.test:8443", false}, {"bare", "x.test", "other.test", true},
		{"bare", "", "x.test", true}, {"nobody", "x.test", "y.test", true}, {"bare", "192.0.2.1:80", "192.0.2.1", false},
	}
	for i := 0; i < len(cases); i++ {
		c := cases[i]
		if got := p.Foreign(c.asset, c.requested, c.target); got != c.want {
			t.Errorf("%s: %s to %s: %v", c.asset, c.requested, c.target, got)
		}
	}
}
