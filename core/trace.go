package core

import "github.com/glacis-waf/glacis/core/model"

// Step is one value.
type Step struct {
	Depth      int
	Location   string
	Chain      string
	Value      string
	Score      int
	Confidence Confidence
	Family     model.Family
	Window     string
	Start, End int
	Tokens     []Token
}

// Trace lists every value.
func (e *Engine) Trace(r *Request) []Step { return nil }
