package gateway

import (
	"testing"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/policy"
)

func TestRates(t *testing.T) {
	now := time.Unix(1795341600, 0)
	p, err := ParsePolicy(`{"apiVersion":"glacis/v1","rateLimits":[{"name":"login","paths":["/login"],"requests":1,"window":"1m"},
{"name":"all","requests":2,"window":"1m","mode":"detect"}]}`, now)
	if err != nil {
		t.Fatal(err)
	}
	rates := NewRates(p, 1)
	cases := []struct {
		mode, uri, source string
		want              Action
		text              string
	}{
		{Prevent, "/login?a", "192.0.2.1:5", ActionPass, ""}, {Prevent, "/login", "192.0.2.1:6", ActionReject, "rateLimits login"},
		{Prevent, "/", "192.0.2.1", ActionDetect, "rateLimits all"}, {Detect, "/login", "192.0.2.1", ActionDetect, "rateLimits login"},
		{Off, "/login", "192.0.2.1", ActionPass, ""}, {Prevent, "/login", "192.0.2.2", ActionPass, ""}, {Prevent, "/login", "", ActionPass, ""},
	}
	s := Settings{Mode: Prevent}
	for i := 0; i < len(cases); i++ {
		c := cases[i]
		v := core.Verdict{Asset: "default", Mode: c.mode}
		over := rates.Take(&v, "POST", c.uri, c.source, now)
		Exceed(&v, over)
		if got := Decide(&s, &v, ""); got != c.want {
			t.Errorf("%d: %s, want %s", i, got, c.want)
		}
		text := ""
		if len(v.Violations) > 0 {
			text = v.Violations[0].Protection + " " + v.Violations[0].Detail
		}
		if text != c.text || c.text != "" && v.Reason != RateLimits {
			t.Errorf("%d: %q by %s", i, text, v.Reason)
		}
	}
	if NewRates(nil, 1) != nil {
		t.Error("rates without a policy")
	}
	var none *Rates
	v := core.Verdict{}
	if over := none.Take(&v, "GET", "/", "192.0.2.1", now); over.Name != "" {
		t.Error("a limit without rates")
	}
}

// TestExceedAttack: what is an attack as well is refused as one.
func TestExceedAttack(t *testing.T) {
	v := core.Verdict{Action: core.Block, Reason: "score"}
	Exceed(&v, policy.Overrun{Name: "login", Prevent: true})
	if a := Decide(&Settings{Mode: Prevent}, &v, ""); a != ActionBlock || v.Reason != "score" {
		t.Error(a, v.Reason)
	}
}

func TestRetryAfter(t *testing.T) {
	r := Refuse(ActionReject, "", "id-1")
	r.RetryAfter(1500 * time.Millisecond)
	last := r.Headers[len(r.Headers)-1]
	if r.Status != 429 || last.Name != "Retry-After" || last.Value != "2" {
		t.Errorf("%d %v", r.Status, last)
	}
}
