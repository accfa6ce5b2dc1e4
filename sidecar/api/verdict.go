package api

import (
	"strings"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// Verdict is the answer of POST /v1/inspect.
type Verdict struct {
	// Action is "pass" or "block": the verdict's, without regard to the mode.
	Action string `json:"action"`
	// Confidence is "none", "medium", "high" or "critical".
	Confidence string `json:"confidence"`
	// Score is 0 to 100.
	Score int `json:"score"`
	// Family is the class of attack or "none".
	Family string `json:"family"`
	// Location is the value that decided, with its decode chain after '#'.
	Location string `json:"location"`
	// Window is the text that decided, redacted; bytes that are not UTF-8 are
	// U+FFFD.
	Window string `json:"window"`
	// UninspectedBytes is how much no decoder looked at; Limits counts why.
	UninspectedBytes int64             `json:"uninspected_bytes"`
	Limits           map[string]uint32 `json:"limits,omitempty"`
	// Model is the model's name and version.
	Model string `json:"model"`
	// RequestID is the inspected request's id, or a fresh one if it has none
	// that is harmless.
	RequestID string `json:"request_id"`
	// Truncated says that the body went on behind what was sent.
	Truncated bool `json:"truncated"`
	// Fault is why the request was not inspected to its end: "panic" or
	// "timeout".
	Fault string `json:"fault,omitempty"`
}

func newVerdict(in *inspection.Inspection, p *params) Verdict {
	v := in.Verdict()
	if p.confidence != core.ConfidenceNone {
		v.Action = core.Pass
		if v.Confidence >= p.confidence {
			v.Action = core.Block
		}
	}
	out := Verdict{Action: v.Action.Name(), Confidence: v.Confidence.Name(), Score: v.Score, Family: v.Family.Name(),
		Location: text(v.Location), UninspectedBytes: v.Uninspected, Model: v.Model,
		RequestID: p.id, Truncated: p.truncated, Fault: in.Fault()}
	if v.Confidence > core.ConfidenceNone {
		out.Window = text(gateway.Redact(v.Location, v.Window))
	}
	for k, n := range v.Limits {
		if n > 0 {
			if out.Limits == nil {
				out.Limits = map[string]uint32{}
			}
			out.Limits[core.LimitKind(k).Name()] = n
		}
	}
	return out
}

func text(s string) string { return strings.ToValidUTF8(s, "\ufffd") }
