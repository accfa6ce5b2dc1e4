// Package verdict is the JSON form of the engine's verdict on one request.
package verdict

import (
	"bytes"
	"encoding/json"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
	"github.com/glacis-waf/glacis/core"
)

// Line is one line of the output of `glacis inspect`. Members are always
// present; their order is part of the format.
type Line struct {
	ID string `json:"id"`
	// Action is "pass" or "block".
	Action string `json:"action"`
	// Confidence is "none", "medium", "high" or "critical".
	Confidence string `json:"confidence"`
	// Score is 0 to 100.
	Score int `json:"score"`
	// Family is the class of attack or "none".
	Family string `json:"family"`
	// Location is the value that decided, with its decode chain after '#'.
	Location string `json:"location"`
	// Window is the text that decided; bytes that are not UTF-8 are \xHH.
	Window string `json:"window"`
	// UninspectedBytes is how much no decoder looked at.
	UninspectedBytes int64 `json:"uninspected_bytes"`
	// Model is the model's name and version.
	Model string `json:"model"`
}

// New makes the line of a verdict.
func New(id string, v core.Verdict) Line {
	return Line{
		ID: safetext.UTF8(id), Action: v.Action.Name(), Confidence: v.Confidence.Name(), Score: v.Score,
		Family: v.Family.Name(), Location: safetext.UTF8(v.Location), Window: safetext.UTF8(v.Window),
		UninspectedBytes: v.Uninspected, Model: v.Model,
	}
}

// Append appends the line as JSON, without escaping <, > and &, and a line end.
func (l Line) Append(dst []byte) []byte {
	b := bytes.NewBuffer(dst)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(l) // strings and numbers into a buffer: cannot fail
	return b.Bytes()
}
