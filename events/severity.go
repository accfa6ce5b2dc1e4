package events

import "github.com/glacis-waf/glacis/gateway"

// severity is what an action weighs in the scales of the formats.
type severity struct {
	syslog int // RFC 5424, section 6.2.1
	cef    int // 0 to 10
	otlp   int // SeverityNumber of the OpenTelemetry log data model
	text   string
}

// Severities, most urgent first. That protection is off weighs more than that
// it worked.
var (
	severityError  = severity{3, 9, 17, "ERROR"}
	severityWarn   = severity{4, 8, 13, "WARN"}
	severityNotice = severity{5, 6, 10, "INFO2"}
	severityInfo   = severity{6, 3, 9, "INFO"}
)

// severityOf weighs an event by what was done.
func severityOf(m Members) severity {
	switch gateway.Action(m.Text("event.action")) {
	case gateway.ActionFailOpen, gateway.ActionFailClosed:
		return severityError
	case gateway.ActionBlock:
		return severityWarn
	case gateway.ActionDetect, ActionNotice:
		return severityNotice
	}
	return severityInfo
}
