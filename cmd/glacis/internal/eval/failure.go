package eval

import (
	"github.com/glacis-waf/glacis/cmd/glacis/internal/request"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
	"github.com/glacis-waf/glacis/core"
)

// Failure is a request that was judged wrongly: an attack that passed or a
// benign request that was blocked.
type Failure struct {
	File       string `json:"file"`
	ID         string `json:"id"`
	Label      string `json:"label"`
	Category   string `json:"category"`
	Score      int    `json:"score"`
	Confidence string `json:"confidence"`
	Family     string `json:"family"`
	Location   string `json:"location"`
	Window     string `json:"window"`
	Payload    string `json:"payload,omitempty"`
}

// NewFailure compares a verdict with the label; ok is false when it is right
// or there is no label.
func NewFailure(file, label string, r *request.Request, v core.Verdict) (f Failure, ok bool) {
	blocked := v.Action == core.Block
	if label != Attack && label != Benign || blocked == (label == Attack) {
		return f, false
	}
	return Failure{
		File: Stem(file), ID: safetext.UTF8(r.ID), Label: label, Category: safetext.UTF8(r.Category),
		Score: v.Score, Confidence: v.Confidence.Name(), Family: v.Family.Name(),
		Location: safetext.UTF8(v.Location), Window: safetext.UTF8(v.Window), Payload: safetext.UTF8(r.Payload),
	}, true
}
