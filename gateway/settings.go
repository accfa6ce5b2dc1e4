package gateway

import (
	"errors"

	"github.com/glacis-waf/glacis/core"
)

// The modes.
const (
	// Prevent refuses what the engine blocks.
	Prevent = "prevent"
	// Detect only reports; traffic is never altered.
	Detect = "detect"
	// Off inspects nothing.
	Off = "off"
)

// What becomes of a request that could not be inspected.
const (
	// Open lets it through.
	Open = "open"
	// Closed refuses it in mode Prevent.
	Closed = "closed"
)

// What is reported: requests that were or would have been refused, also every
// finding below that, every request, or nothing.
const (
	LogBlocked  = "blocked"
	LogFindings = "findings"
	LogAll      = "all"
	LogOff      = "off"
)

// Settings configure a wrapper. The same names hold in every gateway's own
// configuration.
// The zero value of a field stands for its default.
type Settings struct {
	// Mode is Prevent (default), Detect or Off.
	Mode string `json:"mode,omitempty"`
	// Confidence is the level from which a request is blocked: "medium",
	// "high" (default) or "critical".
	Confidence string `json:"confidence,omitempty"`
	// FailMode is Open (default) or Closed.
	FailMode string `json:"failMode,omitempty"`
	// MaxBodyBytes is how much of a body is inspected; default 8 MiB. What is
	// longer goes on to the upstream uninspected, and is counted.
	MaxBodyBytes int64 `json:"maxBodyBytes,omitempty"`
	// RequestIDHeader names the header that carries the request id; default
	// X-Request-Id.
	RequestIDHeader string `json:"requestIdHeader,omitempty"`
	// Log is LogBlocked, LogFindings (default), LogAll or LogOff.
	Log string `json:"log,omitempty"`
}

// WithDefaults returns s with every zero field set to its default.
func (s Settings) WithDefaults() Settings {
	if s.Mode == "" {
		s.Mode = Prevent
	}
	if s.Confidence == "" {
		s.Confidence = core.ConfidenceHigh.Name()
	}
	if s.FailMode == "" {
		s.FailMode = Open
	}
	if s.MaxBodyBytes == 0 {
		s.MaxBodyBytes = core.DefaultLimits().BodyBytes
	}
	if s.RequestIDHeader == "" {
		s.RequestIDHeader = "X-Request-Id"
	}
	if s.Log == "" {
		s.Log = LogFindings
	}
	return s
}

// Check reports the first field of a Settings with defaults that makes no
// sense, by its name.
func (s Settings) Check() error {
	if s.Mode != Prevent && s.Mode != Detect && s.Mode != Off {
		return errors.New("mode: " + s.Mode + ": want prevent, detect or off")
	}
	if c, ok := core.ParseConfidence(s.Confidence); !ok || c == core.ConfidenceNone {
		return errors.New("confidence: " + s.Confidence + ": want medium, high or critical")
	}
	if s.FailMode != Open && s.FailMode != Closed {
		return errors.New("failMode: " + s.FailMode + ": want open or closed")
	}
	if s.MaxBodyBytes < 0 {
		return errors.New("maxBodyBytes: must not be negative")
	}
	if s.Log != LogBlocked && s.Log != LogFindings && s.Log != LogAll && s.Log != LogOff {
		return errors.New("log: " + s.Log + ": want blocked, findings, all or off")
	}
	return nil
}
