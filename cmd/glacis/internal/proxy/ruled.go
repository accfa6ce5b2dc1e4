package proxy

import (
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/models/shadow"
)

// ruled is a transaction that knows its policy, and shows what it sees to the
// copy for the shadow model, if the request is in its sample.
type ruled struct {
	*core.Transaction
	active *Active
	copy   *shadow.Copy // nil if not; ended by the exchange
}

// Source implements the method that inspection looks for.
func (t *ruled) Source(address string) {
	t.copy.Source(address)
	t.Transaction.Source(address)
}

// RequestLine implements Transaction.
func (t *ruled) RequestLine(method, uri string) {
	t.copy.RequestLine(method, uri)
	t.Transaction.RequestLine(method, uri)
}

// Header implements Transaction.
func (t *ruled) Header(name, value string) {
	t.copy.Header(name, value)
	t.Transaction.Header(name, value)
}

// Body implements Transaction.
func (t *ruled) Body(chunk []byte) core.Verdict {
	t.copy.Body(chunk)
	return t.Transaction.Body(chunk)
}

// Trailer implements Transaction.
func (t *ruled) Trailer(name, value string) {
	t.copy.Trailer(name, value)
	t.Transaction.Trailer(name, value)
}
