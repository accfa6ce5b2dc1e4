package guest

import (
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/wasm/internal/abi"
)

// Name is the wrapper's name in events.
const Name = "envoy/wasm"

// VM is all that one virtual machine of the host holds. Its methods are the
// callbacks of the ABI; none of them panics.
type VM struct {
	host    abi.Host
	roots   map[uint32]*root
	streams table
	spare   *stream // free list
	bodies  int     // requests with a body under inspection
	seen    uint32  // requests
	metrics metrics
	line    []byte   // for the event at hand
	lines   []string // of a header, while one is read
}

// NewVM makes a VM in a host.
func NewVM(host abi.Host) *VM {
	return &VM{host: host, roots: map[uint32]*root{}, line: make([]byte, 0, 2048)}
}

// ContextCreate is proxy_on_context_create: parent 0 makes a root context, any
// other a stream of that root.
func (vm *VM) ContextCreate(id, parent uint32) {
	defer vm.caught(nil, nil)
	if parent == 0 {
		if vm.roots[id] == nil {
			vm.roots[id] = &root{id: id}
		}
		return
	}
	r := vm.roots[parent]
	if id == 0 || r == nil || r.current == nil || r.current.Mode == gateway.Off || vm.streams.get(id) != nil {
		return
	}
	s := vm.spare
	if s == nil {
		s = &stream{vm: vm}
	} else {
		vm.spare = s.next
	}
	s.begin(r.current)
	vm.streams.put(id, s)
}

// Configure is proxy_on_configure. A configuration that is refused leaves the
// former one in force.
func (vm *VM) Configure(id uint32, size int) (ok bool) {
	defer vm.caught(nil, nil)
	r := vm.roots[id]
	if r == nil {
		vm.log(abi.LogCritical, "configuration for an unknown root context")
		return false
	}
	var data []byte
	if size > 0 {
		if data, ok = vm.host.Buffer(abi.PluginConfig, 0, size); !ok || len(data) < size {
			vm.log(abi.LogCritical, "configuration: the host does not hand it over")
			return false
		}
	}
	o, err := parseOptions(data)
	if err != nil {
		vm.log(abi.LogCritical, "configuration: "+err.Error())
		return false
	}
	a := r.agent
	if a == nil || a.link != o.sidecar {
		a = vm.newAgent(o.sidecar)
	}
	p, err := newPlugin(o, a)
	if err != nil {
		vm.log(abi.LogCritical, "configuration: "+err.Error())
		return false
	}
	vm.metrics.define(vm.host)
	vm.host.Tick(tickMillis)
	vm.ignores(o.policy)
	r.options, r.current, r.agent = o, p, a
	if a != nil {
		a.asksPolicy, a.updated = o.policy == nil, vm.host.Now()
	}
	return true
}

// RequestHeaders is proxy_on_request_headers.
func (vm *VM) RequestHeaders(id uint32, end bool) (action abi.Action) {
	s := vm.streams.get(id)
	if s == nil {
		return abi.Continue
	}
	defer vm.caught(s, &action)
	return s.headers(end)
}

// RequestBody is proxy_on_request_body. size is what the host holds of the
// body: all since the last Continue.
func (vm *VM) RequestBody(id uint32, size int, end bool) (action abi.Action) {
	s := vm.streams.get(id)
	if s == nil {
		return abi.Continue
	}
	defer vm.caught(s, &action)
	return s.body(size, end)
}

// RequestTrailers is proxy_on_request_trailers; the request ends with them.
func (vm *VM) RequestTrailers(id uint32) (action abi.Action) {
	s := vm.streams.get(id)
	if s == nil {
		return abi.Continue
	}
	defer vm.caught(s, &action)
	return s.trailers()
}

// Tick is proxy_on_tick.
func (vm *VM) Tick(id uint32) {
	defer vm.caught(nil, nil)
	vm.metrics.flush(vm.host)
	if r := vm.roots[id]; r != nil && r.agent != nil {
		r.agent.tick(r.current)
	}
}

// CallResponse is proxy_on_http_call_response: size is the length of the body.
func (vm *VM) CallResponse(id, call uint32, size int) {
	defer vm.caught(nil, nil)
	r := vm.roots[id]
	if r == nil || r.agent == nil || !r.agent.answer(call, size) {
		return
	}
	p, err := newPlugin(r.options, r.agent)
	if err != nil {
		vm.log(abi.LogError, "sidecar: "+err.Error())
		return
	}
	r.current = p
}

// Delete is proxy_on_delete: a stream or a root context is gone. The host still
// knows what the stream was answered with, so proxy_on_log, which comes before,
// is not needed.
func (vm *VM) Delete(id uint32) {
	s := vm.streams.remove(id)
	var none abi.Action
	defer vm.caught(s, &none)
	if s == nil {
		delete(vm.roots, id)
		return
	}
	s.gone()
	s.answered()
	vm.free(s)
}

// free puts a stream back on the list. One that panicked is left to the garbage
// collector.
func (vm *VM) free(s *stream) {
	s.release()
	s.plugin = nil
	s.next = vm.spare
	vm.spare = s
}

// caught ends a callback that panicked. A request that it was about is dealt
// with as one that could not be inspected: the transaction's state is unknown,
// so it is not used again.
func (vm *VM) caught(s *stream, action *abi.Action) {
	cause := recover()
	if cause == nil {
		return
	}
	quietly(func() { vm.log(abi.LogError, "panic: "+describe(cause)) })
	if s == nil {
		return
	}
	s.drop()
	if !s.over && quietly(func() { *action = s.fail(FaultPanic) }) {
		return
	}
	// It was decided about, but what came of it may not have reached the host.
	if *action = abi.Continue; s.refused {
		*action = abi.Pause // what is refused does not pass, answered or not
		quietly(func() { s.refuse(gateway.Decide(&s.plugin.Settings, &s.verdict, s.fault)) })
	}
}

// quietly says whether f ended without a panic.
func quietly(f func()) (ok bool) {
	defer func() { ok = recover() == nil }()
	f()
	return true
}

func describe(cause any) string {
	switch c := cause.(type) {
	case error:
		return c.Error()
	case string:
		return c
	}
	return "of an unknown kind"
}

// ignores says in the log what a policy asks for and nobody does here.
func (vm *VM) ignores(p *policy.Policy) {
	if p == nil {
		return
	}
	if at := p.NeedsCountries(); at != "" {
		vm.log(abi.LogWarn, "policy."+at+": ignored: there is no database of countries here")
	}
	if len(p.Document().RateLimits) > 0 {
		vm.log(abi.LogWarn, "policy.rateLimits: ignored: this plugin does not count")
	}
}

func (vm *VM) log(level abi.LogLevel, text string) {
	vm.line = append(vm.line[:0], "glacis: "...)
	vm.line = append(vm.line, text...)
	vm.host.Log(level, vm.line)
}

// Bodies is the number of requests with a body under inspection, for tests.
func (vm *VM) Bodies() int { return vm.bodies }

// report writes the event of a request that is over.
func (vm *VM) report(s *stream, a gateway.Action) {
	v := &s.verdict
	vm.metrics.count(vm.host, a, s)
	log := gateway.Reports(s.plugin.Log, a, v)
	send := s.plugin.agent != nil && s.plugin.sidecar.events && gateway.Reports(gateway.LogFindings, a, v)
	if !log && !send {
		return
	}
	e := gateway.Event{ID: s.id, Gateway: Name, Method: s.method, Host: s.authority, Path: s.path,
		Action: a, Fault: s.fault, Verdict: *v}
	var stamp [32]byte
	e.Time = abi.Text(appendTime(stamp[:0], vm.host.Now()))
	if s.client == "" {
		s.readClient()
	}
	e.Source = withoutPort(s.client)
	level := abi.LogWarn
	if a == gateway.ActionPass && v.Confidence == core.ConfidenceNone {
		level = abi.LogInfo
	}
	vm.line = e.Append(vm.line[:0])
	if log {
		vm.host.Log(level, vm.line)
	}
	if send {
		s.plugin.agent.event(vm.line)
	}
}
