package proxy

import (
	"sync"
	"sync/atomic"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// Learning connects a proxy with a sidecar. The zero value does nothing. Set
// Agent before use.
type Learning struct {
	Agent            *agent.Agent
	overlay          agent.Overlay
	requests, blocks atomic.Uint64
	buffers          sync.Pool
}

// NewLearning makes a Learning; start it with Connect.
func NewLearning() *Learning {
	return &Learning{buffers: sync.Pool{New: func() any { return new([]byte) }}}
}

// Connect sets the agent. It comes before the first request.
func (l *Learning) Connect(a *agent.Agent) { l.Agent, l.overlay.Agent = a, a }

// Counts returns how many requests have been served and how many blocked.
func (l *Learning) Counts() (requests, blocks uint64) { return l.requests.Load(), l.blocks.Load() }

// engine is the engine with what was learned.
func (l *Learning) engine(e *core.Engine) *core.Engine {
	if l == nil {
		return e
	}
	return l.overlay.Engine(e)
}

// observer is what a transaction of the engine can do beside Transaction.
type observer interface {
	AppendObservation(dst []byte, source uint64, status int) []byte
}

// observe hands the record of a finished request to the agent. A request that
// was refused has no answer that speaks for it.
func (x *exchange) observe(status int) {
	l := x.p.cfg.Learning
	if l == nil || l.Agent == nil {
		return
	}
	if x.active != nil && !x.active.policy.Learns(x.inspection.result().Asset) {
		l.requests.Add(1)
		return
	}
	l.requests.Add(1)
	refused := x.p.cfg.decide(x.inspection.result()).Refuses()
	if refused {
		l.blocks.Add(1)
		status = 0
	}
	buffer, _ := l.buffers.Get().(*[]byte)
	*buffer = x.inspection.observation((*buffer)[:0], x.vote(), status/100)
	l.Agent.Observe(*buffer)
	l.buffers.Put(buffer)
}

// vote is that of the request's client.
func (x *exchange) vote() uint64 {
	a := x.p.cfg.Learning.Agent
	d := a.Identity()
	return a.Identified(x.source, addressOf(x.source) != addressOf(x.in.RemoteAddr), d.Find(x.in.Header.Values(d.Source())))
}

// observation appends the record of the request, nothing if there is none.
func (in *inspection) observation(dst []byte, source uint64, class int) []byte {
	in.end(nil)
	in.mu.Lock()
	defer in.mu.Unlock()
	o, ok := in.tx.(observer)
	if !ok || in.fault != "" {
		return dst
	}
	defer func() {
		if p := recover(); p != nil {
			in.fault, in.panic, in.tx = faultPanic, p, nil
		}
	}()
	return o.AppendObservation(dst, source, class)
}

// wants says whether the sidecar is to hear of a request.
func (l *Learning) wants(action gateway.Action, res *result) bool {
	return l != nil && l.Agent != nil && gateway.Reports(gateway.LogFindings, action, &res.Verdict)
}
