package proxy

import "github.com/glacis-waf/glacis/core"

// Inspector judges requests, as *core.Engine does. It must be safe for
// concurrent use.
type Inspector interface {
	// Begin starts the inspection of one request.
	Begin() Transaction
	// Model returns the model's name and version.
	Model() string
}

// Transaction is one request under inspection, with the meaning that
// *core.Transaction gives to each method. One goroutine uses it at a time.
type Transaction interface {
	RequestLine(method, uri string)
	Header(name, value string)
	EndHeaders() core.Verdict
	Body(chunk []byte) core.Verdict
	Trailer(name, value string)
	End() core.Verdict
	Close()
}
