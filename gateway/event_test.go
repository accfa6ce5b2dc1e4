package gateway

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/policy"
)

// full returns an event with every member.
func full() Event {
	e := Event{Time: "2026-11-22T10:00:00.000Z", ID: "client-id-1", Gateway: "test/unit", Source: "192.0.2.1", Method: "POST",
		Host: "shop.test", Path: "/search", Action: ActionBlock, Fault: "body", Policy: "shop@1f0c5e9ab2d4", Profile: "17"}
	v := &e.Verdict
	v.Action = core.Block
	v.Confidence = core.ConfidenceCritical
	v.Score = 97
	v.Family = model.SQLi
	v.Location = "query.q"
	v.Window = "' union select"
	v.Uninspected = 12
	v.Limits[core.LimitBody] = 1
	v.Limits[core.LimitDepth] = 3
	v.Model = "basic 1.0.0"
	v.Asset = "shop"
	v.Mode = Prevent
	v.Reason = "score"
	v.Findings = []core.Finding{{Location: "query.q", Tokens: []core.Token{{Text: "' union", Weight: 40}, {Text: "\"\xff", Weight: -3}},
		Adjustments: []core.Adjustment{{Reason: "type", Points: 5}, {Reason: "familiar", Points: -2}}}, {Location: "query.r"}}
	v.Exceptions = []policy.Mark{{ID: "cms", Effect: "idle"}}
	v.Violations = []policy.Violation{{Protection: "methods", Detail: "PUT"}}
	return e
}

// The line is compared byte for byte: its order is part of the format.
func TestEventLine(t *testing.T) {
	want, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	e := full()
	if got := string(e.Append(nil)); got != strings.TrimSpace(string(want)) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestOthersAreBounded: an event stays short however many findings there are,
// and a place is given whole or not at all.
func TestOthersAreBounded(t *testing.T) {
	e := full()
	long := strings.Repeat("a", otherBytes)
	e.Verdict.Findings = []core.Finding{{}, {Location: long + "b"}, {Location: "query.s", LogOnly: true}}
	line := string(e.Append(nil))
	if !strings.Contains(line, `"glacis.others":[{"location":"query.s","family":"none","confidence":"none","score":0,"log_only":true}]`) {
		t.Error(line)
	}
	e.Verdict.Findings = e.Verdict.Findings[:2]
	short := len(e.Append(nil))
	for i := 0; i < 20; i++ {
		e.Verdict.Findings = append(e.Verdict.Findings, core.Finding{Location: long})
	}
	if n := len(e.Append(nil)); n > short+othersBytes+otherBytes+100 {
		t.Errorf("%d bytes", n)
	}
}

func TestLeastEvent(t *testing.T) {
	e := Event{Action: ActionPass}
	const want = `{"event.version":1,"event.action":"pass","glacis.confidence":"none","glacis.score":0,"glacis.uninspected_bytes":0}`
	if got := string(e.Append(nil)); got != want {
		t.Errorf("%s", got)
	}
	if got := string(e.Append([]byte("prefix "))); got != "prefix "+want {
		t.Errorf("%s", got)
	}
}

// Every member of a full event is described.
func TestEventsAreDocumented(t *testing.T) {
	doc, err := os.ReadFile("../docs/events.md")
	if err != nil {
		t.Skip("the documents are not here, as under yaegi:", err)
	}
	e := full()
	var members map[string]interface{}
	if err := json.Unmarshal(e.Append(nil), &members); err != nil {
		t.Fatal(err)
	}
	for name := range members {
		if !strings.Contains(string(doc), "`"+name+"`") {
			t.Errorf("docs/events.md lacks %s", name)
		}
	}
}

// Where the window hides something, its pieces do not tell it.
func TestTokensOfSecretsAreLeftOut(t *testing.T) {
	e := full()
	e.Verdict.Window = "password=hunter2' union"
	line := string(e.Append(nil))
	if strings.Contains(line, "tokens") || strings.Contains(line, "hunter2") || !strings.Contains(line, Masked) {
		t.Error(line)
	}
}

func TestReports(t *testing.T) {
	clean, found := core.Verdict{}, core.Verdict{Confidence: core.ConfidenceMedium}
	cases := []struct {
		log    string
		action Action
		v      *core.Verdict
		want   bool
	}{
		{LogAll, ActionPass, &clean, true}, {LogOff, ActionBlock, &found, false}, {LogBlocked, ActionBlock, &found, true},
		{LogBlocked, ActionPass, &found, false}, {LogBlocked, ActionDetect, &found, true}, {LogBlocked, ActionFailOpen, &clean, true},
		{LogFindings, ActionPass, &found, true}, {LogFindings, ActionPass, &clean, false}, {LogFindings, ActionFailClosed, &clean, true},
	}
	for i := 0; i < len(cases); i++ {
		c := cases[i]
		if got := Reports(c.log, c.action, c.v); got != c.want {
			t.Errorf("%s %s %s: %v", c.log, c.action, c.v.Confidence.Name(), got)
		}
	}
}
