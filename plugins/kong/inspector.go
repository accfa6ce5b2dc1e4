package kong

import (
	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/core"
)

// inspector judges requests; *core.Engine does by way of engine. It is safe for
// concurrent use.
type inspector interface {
	Begin() transaction
	Model() string
	ModelType() string
}

// transaction has the methods of *core.Transaction that a request without
// trailers needs. One goroutine uses it at a time.
type transaction interface {
	Source(address string)
	RequestLine(method, uri string)
	Header(name, value string)
	EndHeaders() core.Verdict
	Body(chunk []byte) core.Verdict
	End() core.Verdict
	Close()
}

// engine is an engine with what was learned, if anything is.
type engine struct {
	*core.Engine
	learned *agent.Overlay
}

// Begin implements inspector.
func (e engine) Begin() transaction { return e.learned.Engine(e.Engine).Begin() }
