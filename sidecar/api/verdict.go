package api

import (
	"slices"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/policy"
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
	// Policy is the policy's name and short hash, "" without one; then Asset,
	// Mode, Reason, Exceptions and Violations say what followed from it, and
	// Action is the policy's.
	Policy string `json:"policy,omitempty"`
	// Asset is the asset that the request belongs to.
	Asset string `json:"asset,omitempty"`
	// Mode is the asset's: "prevent", "detect" or "off".
	Mode string `json:"mode,omitempty"`
	// Reason is what decided when Action is "block": "score", "exception",
	// "rateLimits" or a protection.
	Reason string `json:"reason,omitempty"`
	// Exceptions are those that matched, and what they did.
	Exceptions []policy.Mark `json:"exceptions,omitempty"`
	// Violations are what checks beside the model object to.
	Violations []policy.Violation `json:"violations,omitempty"`
	// RequestID is the inspected request's id, or a fresh one if it has none
	// that is harmless.
	RequestID string `json:"request_id"`
	// Truncated says that the body went on behind what was sent.
	Truncated bool `json:"truncated"`
	// RetryAfter is after how many seconds a request beyond a rate limit may come
	// again; then Reason is "rateLimits", and the answer to the client 429.
	RetryAfter int `json:"retry_after,omitempty"`
	// Fault is why the request was not inspected to its end: "panic" or
	// "timeout".
	Fault string `json:"fault,omitempty"`
}

func newVerdict(in *inspection.Inspection, p *params) Verdict {
	v := in.Verdict()
	limited := v.Reason == gateway.RateLimits && in.Retry() > 0 && v.Violations[len(v.Violations)-1].Prevent
	if p.confidence != core.ConfidenceNone && v.Policy == "" {
		v.Action = core.Pass
		if v.Confidence >= p.confidence {
			v.Action = core.Block
		}
	}
	if limited {
		v.Action = core.Block
	}
	out := Verdict{Action: v.Action.Name(), Confidence: v.Confidence.Name(), Score: v.Score, Family: v.Family.Name(),
		Location: text(v.Location), UninspectedBytes: v.Uninspected, Model: v.Model,
		Policy: v.Policy, Asset: text(v.Asset), Mode: v.Mode, Reason: v.Reason, Exceptions: v.Exceptions, Violations: violations(v.Violations),
		RequestID: p.id, Truncated: p.truncated, Fault: in.Fault()}
	if limited {
		out.RetryAfter = int(in.Retry()/time.Second) + 1
	}
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

// violations are those of a verdict with what clients wrote made fit for JSON.
func violations(list []policy.Violation) []policy.Violation {
	out := slices.Clone(list)
	for i := range out {
		out[i].Detail = text(out[i].Detail)
	}
	return out
}

func text(s string) string { return strings.ToValidUTF8(s, "\ufffd") }
