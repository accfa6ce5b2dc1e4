package core

import "github.com/glacis-waf/glacis/core/model"

// Engine inspects transactions. It is immutable and safe for concurrent use.
type Engine struct{ cfg Config }

// New makes an Engine.
func New(cfg Config) (*Engine, error) { return &Engine{cfg: cfg}, nil }

// Inspect inspects a whole request.
func (e *Engine) Inspect(r *Request) Verdict { return Verdict{Model: e.Model()} }

// Begin starts a transaction.
func (e *Engine) Begin() *Transaction { return &Transaction{} }

// Model returns name and version of the model.
func (e *Engine) Model() string { return "basic 0.0.0" }

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

// Values visits every value.
func (e *Engine) Values(r *Request, visit func(location, chain string, value []byte)) {}

// Transaction is one request under inspection.
type Transaction struct{}

// RequestLine sets method and target.
func (t *Transaction) RequestLine(method, uri string) {}

// Header adds a header.
func (t *Transaction) Header(name, value string) {}

// EndHeaders ends the headers.
func (t *Transaction) EndHeaders() Verdict { return Verdict{} }

// Body adds a chunk.
func (t *Transaction) Body(chunk []byte) Verdict { return Verdict{} }

// Trailer adds a trailer.
func (t *Transaction) Trailer(name, value string) {}

// End ends it.
func (t *Transaction) End() Verdict { return Verdict{} }

// Close returns it to the pool.
func (t *Transaction) Close() {}
