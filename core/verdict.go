package core

import (
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/policy"
)

// Action is what a gateway is to do with a transaction.
type Action uint8

// The actions.
const (
	// Pass lets the request through.
	Pass Action = iota
	// Block refuses it.
	Block
)

// Name returns "pass" or "block".
func (a Action) Name() string {
	if a == Block {
		return "block"
	}
	return "pass"
}

// Confidence says how rarely an honest request scores as high: each level is
// the threshold of a fixed false-positive rate on traffic left out of training.
type Confidence uint8

// The levels, in ascending order.
const (
	// ConfidenceNone means clean.
	ConfidenceNone Confidence = iota
	// ConfidenceMedium: about one honest request in a hundred scores as high.
	ConfidenceMedium
	// ConfidenceHigh: about one in a thousand. The default for blocking.
	ConfidenceHigh
	// ConfidenceCritical: about one in ten thousand.
	ConfidenceCritical
)

// Name returns "none", "medium", "high" or "critical".
func (c Confidence) Name() string {
	switch c {
	case ConfidenceMedium:
		return "medium"
	case ConfidenceHigh:
		return "high"
	case ConfidenceCritical:
		return "critical"
	}
	return "none"
}

// ParseConfidence is the inverse of Name; ok is false for an unknown name.
func ParseConfidence(name string) (c Confidence, ok bool) {
	for c = ConfidenceNone; c <= ConfidenceCritical; c++ {
		if c.Name() == name {
			return c, true
		}
	}
	return ConfidenceNone, false
}

// Verdict is the outcome of an inspection. For a clean transaction only
// Action, Uninspected, Limits and Model are set and nothing was allocated.
type Verdict struct {
	// Action is what to do at the engine's confidence.
	Action Action
	// Confidence is the level reached, whatever the action.
	Confidence Confidence
	// Score is 0 (clean) to 100. 50, 75 and 90 are where the three levels begin.
	Score int
	// Family is the family of the strongest finding.
	Family model.Family
	// Location is where the strongest finding was, with its decode chain after
	// '#': "query.q", "body.json.user.bio#base64", "cookie.sid", "path[2]".
	Location string
	// Window is the text that decided, decoded, at most 160 bytes.
	Window string
	// Uninspected is the number of body or header bytes that no decoder looked
	// at because a limit was reached; Limits says which.
	Uninspected int64
	// Limits counts how often each limit was reached, by LimitKind.
	Limits [LimitKinds]uint32
	// Findings lists every value that reached ConfidenceMedium, strongest
	// first, at most 8.
	Findings []Finding
	// Model is the name and version of the model, "basic 1.2.0".
	Model string
	// Profile is the version of the learned profile, "" without one.
	Profile string
	// Policy is its name and short hash, "shop@1f0c5e9ab2d4"; "" without one.
	// Without a policy the fields below are empty.
	Policy string
	// Asset is the asset that the request belongs to, "default" for none. Like
	// Mode it is known from EndHeaders on.
	Asset string
	// Mode is the asset's: "prevent", "detect" or "off". Action does not depend
	// on it; a wrapper refuses in mode "prevent" only.
	Mode string
	// Reason is what decided when Action is Block: "score", "exception", or the
	// protection: "methods", "addresses", "csrf", "limits".
	Reason string
	// FailMode is what the policy says about requests that could not be
	// inspected to the end; nil without a policy.
	FailMode *policy.FailMode
	// Exceptions lists the exceptions that matched, and what they did.
	Exceptions []policy.Mark
	// Violations lists what checks beside the model object to.
	Violations []policy.Violation
}

// Finding is one value that was not clean.
type Finding struct {
	Location   string       `json:"location"`
	Family     model.Family `json:"-"`
	Confidence Confidence   `json:"-"`
	Score      int          `json:"score"`
	Window     string       `json:"window"`
	// Tokens are the features that weighed most, heaviest first, at most 8.
	Tokens []Token `json:"tokens"`
	// Adjustments are what the learned profile changed about the model's
	// score; Score and Confidence are what came of it.
	Adjustments []Adjustment `json:"adjustments,omitempty"`
	// LogOnly is set when an exception says that it is not to block.
	LogOnly bool `json:"logOnly,omitempty"`
}

// Token is one feature of a finding with its weight in the model's units:
// Model.Scale of them, 24 in the shipped models, are one nat of log-odds.
type Token struct {
	Text   string `json:"text"`
	Weight int    `json:"weight"`
}

// LimitKind names a limit of the engine.
type LimitKind uint8

// The limits.
const (
	// LimitDepth: a value was encoded or nested more deeply than Limits.Depth.
	LimitDepth LimitKind = iota
	// LimitValues: more than Limits.Values values.
	LimitValues
	// LimitDecoded: decoding produced more than the allowed bytes.
	LimitDecoded
	// LimitExpansion: a compressed body expanded beyond the allowed ratio.
	LimitExpansion
	// LimitHeader: request line and headers longer than Limits.HeaderBytes.
	LimitHeader
	// LimitBody: a body longer than Limits.BodyBytes.
	LimitBody
	// LimitEncoding: a content encoding for which no decompressor is installed.
	LimitEncoding
	// LimitKinds is the number of limits.
	LimitKinds
)

// Name returns the limit's name as it appears in logs and metrics.
func (k LimitKind) Name() string {
	switch k {
	case LimitDepth:
		return "depth"
	case LimitValues:
		return "values"
	case LimitDecoded:
		return "decoded"
	case LimitExpansion:
		return "expansion"
	case LimitHeader:
		return "header"
	case LimitBody:
		return "body"
	case LimitEncoding:
		return "encoding"
	}
	return ""
}
