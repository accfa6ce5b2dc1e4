package exception

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/events"
)

// TestAll: every finding that would have been enough has an exception of its own.
func TestAll(t *testing.T) {
	m, err := events.Record{Line: []byte(`{"event.id":"0123456789","glacis.location":"query.q","glacis.family":"sqli","glacis.findings":5,"glacis.others":[
{"location":"body.form.a*","family":"xss","confidence":"critical","score":97},{"location":"query.r","family":"none","confidence":"medium","score":60},
{"location":"query.s","family":"xss","confidence":"high","score":80,"log_only":true},5]}`)}.Members()
	if err != nil {
		t.Fatal(err)
	}
	for level, want := range map[core.Confidence]string{core.ConfidenceHigh: "query.q body.form.a\\*", core.ConfidenceMedium: "query.q body.form.a\\* query.r", core.ConfidenceCritical: "query.q body.form.a\\*"} {
		list, unnamed, err := All(m, level)
		if err != nil || unnamed != 1 {
			t.Fatal(unnamed, err)
		}
		var places []string
		for _, x := range list {
			places = append(places, x.Locations...)
		}
		if got := strings.Join(places, " "); got != want {
			t.Errorf("%s: %s, want %s", level.Name(), got, want)
		}
		if text, err := YAML(list...); err != nil || !strings.Contains(string(text), "id: event-0123456789-2") {
			t.Errorf("%v %s", err, text)
		}
	}
	if _, _, err := All(events.Members{}, core.ConfidenceHigh); err == nil {
		t.Error("an exception of nothing")
	}
}
