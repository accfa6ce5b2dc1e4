package events

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

func modelUpdate() *Notice {
	return &Notice{Kind: NoticeModelUpdate, Gateway: "glacis/sidecar", Message: "a newer model is available: advanced 2.0.0", Model: "basic 1.1.0", Update: "advanced 2.0.0"}
}

// A notice is an event like any other to whoever reads one.
func TestNotice(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	line := modelUpdate().Line(at)
	if !strings.HasPrefix(string(line), `{"event.version":1,`) {
		t.Errorf("%s", line)
	}
	m, err := Record{Line: line}.Members()
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Text("event.id")) != 32 || !m.Time().Equal(at) || m.Text("event.action") != ActionNotice || m.Text("glacis.update") != "advanced 2.0.0" ||
		severityOf(m) != severityNotice || m.Summary() != "notice: a newer model is available: advanced 2.0.0" {
		t.Errorf("%s: %s", line, m.Summary())
	}
	doc, err := os.ReadFile("../docs/events.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range m {
		if !strings.Contains(string(doc), "`"+name+"`") {
			t.Errorf("docs/events.md lacks %s", name)
		}
	}
	cef, err := cefFormat{"1"}.Append(nil, Record{Line: line})
	if err != nil || !strings.HasPrefix(string(cef), "CEF:0|Glacis|glacis|1|notice|notice: a newer model") || !strings.Contains(string(cef), " msg=a newer model is available: advanced 2.0.0 ") {
		t.Errorf("%s %v", cef, err)
	}
}

// What a registry calls its model cannot break or swell the line.
func TestNoticeOfAnything(t *testing.T) {
	n := Notice{Kind: NoticeModelUpdate, Message: "\xff\n\"<\u2028" + strings.Repeat("m", 5000), Update: strings.Repeat("\x00", 5000)}
	line := n.Line(time.Now())
	if !json.Valid(line) || len(line) > 8<<10 || strings.ContainsAny(string(line), "\n\r") {
		t.Errorf("%d bytes: %.200q", len(line), line)
	}
}
