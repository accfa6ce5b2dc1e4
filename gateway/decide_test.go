package gateway

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/policy"
)

func TestDecide(t *testing.T) {
	block, pass := core.Verdict{Action: core.Block}, core.Verdict{}
	detectBlock, detectPass := core.Verdict{Action: core.Block, Mode: Detect}, core.Verdict{Mode: Detect}
	prevent, detect := Settings{Mode: Prevent, FailMode: Open}, Settings{Mode: Detect, FailMode: Closed}
	closed := Settings{Mode: Prevent, FailMode: Closed}
	watched := core.Verdict{Violations: []policy.Violation{{Protection: "methods", Detail: "PUT"}}}
	allowed := core.Verdict{Violations: []policy.Violation{{Protection: "methods", Detail: "PUT", Prevent: true}}}
	over := core.Verdict{Violations: []policy.Violation{{Protection: "limits", Detail: "urlBytes 70"}}}
	cases := []struct {
		s     *Settings
		v     *core.Verdict
		fault string
		want  Action
	}{
		{&prevent, &pass, "", ActionPass}, {&prevent, &block, "", ActionBlock}, {&detect, &block, "", ActionDetect}, {&detect, &pass, "", ActionPass},
		{&prevent, &pass, "panic", ActionFailOpen}, {&closed, &pass, "panic", ActionFailClosed}, {&detect, &pass, "panic", ActionFailOpen},
		{&prevent, &block, "panic", ActionBlock}, {&closed, &block, "timeout", ActionBlock}, {&detect, &block, "panic", ActionDetect},
		{&prevent, &detectBlock, "", ActionDetect}, {&closed, &detectPass, "panic", ActionFailOpen},
		{&prevent, &watched, "", ActionDetect}, {&prevent, &allowed, "", ActionPass}, {&prevent, &over, "", ActionPass}, {&closed, &watched, "body", ActionFailClosed},
	}
	for i := 0; i < len(cases); i++ {
		c := cases[i]
		if got := Decide(c.s, c.v, c.fault); got != c.want {
			t.Errorf("%d: mode %s, fail %s, %s, fault %q: %s, want %s", i, c.s.Mode, c.s.FailMode, c.v.Action.Name(), c.fault, got, c.want)
		}
	}
}

func TestRefuses(t *testing.T) {
	all := []Action{ActionPass, ActionBlock, ActionDetect, ActionFailOpen, ActionFailClosed, ActionReject}
	for i := 0; i < len(all); i++ {
		if want := all[i] == ActionBlock || all[i] == ActionFailClosed || all[i] == ActionReject; all[i].Refuses() != want {
			t.Errorf("%s", all[i])
		}
	}
}

func TestSettingsCheck(t *testing.T) {
	if err := (Settings{}).WithDefaults().Check(); err != nil {
		t.Error(err)
	}
	s := Settings{}.WithDefaults()
	if s.Mode != Prevent || s.Confidence != "high" || s.FailMode != Open || s.MaxBodyBytes != 8<<20 || s.RequestIDHeader != "X-Request-Id" || s.Log != LogFindings {
		t.Errorf("%+v", s)
	}
	cases := []struct {
		s    Settings
		want string
	}{
		{Settings{Mode: "on"}, "mode: on: want"}, {Settings{Confidence: "none"}, "confidence: none"}, {Settings{Confidence: "sure"}, "confidence: sure"},
		{Settings{FailMode: "soft"}, "failMode: soft"}, {Settings{MaxBodyBytes: -1}, "maxBodyBytes: must not be negative"}, {Settings{Log: "some"}, "log: some"},
	}
	for i := 0; i < len(cases); i++ {
		if err := cases[i].s.WithDefaults().Check(); err == nil || !strings.HasPrefix(err.Error(), cases[i].want) {
			t.Errorf("%v, want %s", err, cases[i].want)
		}
	}
}
