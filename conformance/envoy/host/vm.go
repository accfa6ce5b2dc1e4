package host

import (
	"context"
	"fmt"
	"time"

	"github.com/tetratelabs/wazero/api"
)

// VM is one instance of a guest. It is not safe for concurrent use.
type VM struct {
	// Logs are the lines that the guest logged.
	Logs []Line
	// Metrics are its counters, and the number of samples of its histograms.
	Metrics map[string]int64
	// Properties are what proxy_get_property knows, by path joined with NUL.
	Properties map[string]string
	// Corrupt, if set, may change what a function of the host returns, or make
	// it fail with a status other than 0.
	Corrupt func(function string, result []byte) ([]byte, int32)
	// Calls are the requests that the guest sent to clusters.
	Calls []Call
	// TickMillis is the interval that the guest asked for.
	TickMillis uint32
	// Ahead is how far the host's clock is ahead of time.
	Ahead time.Duration

	ctx       context.Context
	guest     api.Module
	functions map[string]api.Function
	lastID    uint32
	config    []byte
	stream    *Stream // whose callback is running
	response  *Call   // whose answer is being handed over
	root      uint32  // the root context whose callback is running
	ids       map[string]uint32
	names     []string
}

// Line is a line of log.
type Line struct {
	Level int32
	Text  string
}

// Call is a request to a cluster.
type Call struct {
	Cluster string
	Headers [][2]string
	Body    []byte
	// Millis is the guest's time limit.
	Millis int32
	root   uint32
	id     uint32
	answer [][2]string
	body   []byte
}

// Header returns the first line of a name, "" if there is none.
func (c *Call) Header(name string) string {
	for _, h := range c.Headers {
		if h[0] == name {
			return h[1]
		}
	}
	return ""
}

type vmKey struct{}

func of(ctx context.Context) *VM {
	vm, _ := ctx.Value(vmKey{}).(*VM)
	return vm
}

// call calls an export; one that the guest does not have returns 0.
func (vm *VM) call(name string, args ...uint64) (uint64, error) {
	f := vm.functions[name]
	if f == nil {
		return 0, nil
	}
	out, err := f.Call(vm.ctx, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	if len(out) == 0 {
		return 0, nil
	}
	return out[0], nil
}

// Plugin makes a root context with a configuration. ok is false when the guest
// refuses it; its log says why.
func (vm *VM) Plugin(config string) (p *Plugin, ok bool, err error) {
	vm.lastID++
	p = &Plugin{vm: vm, id: vm.lastID}
	if _, err := vm.call("proxy_on_context_create", uint64(p.id), 0); err != nil {
		return nil, false, err
	}
	ok, err = p.Configure(config)
	return p, ok, err
}

// Memory is the size of the guest's memory in bytes.
func (vm *VM) Memory() int { return int(vm.guest.Memory().Size()) }

// Plugin is a root context.
type Plugin struct {
	vm *VM
	id uint32
	// HoldsHeaders is Envoy's allow_on_headers_stop_iteration.
	HoldsHeaders bool
}

// Configure gives the plugin a configuration.
func (p *Plugin) Configure(config string) (ok bool, err error) {
	p.vm.config, p.vm.root = []byte(config), p.id
	n, err := p.vm.call("proxy_on_configure", uint64(p.id), uint64(len(config)))
	return n == 1, err
}

// Tick lets time pass.
func (p *Plugin) Tick() error {
	p.vm.root = p.id
	_, err := p.vm.call("proxy_on_tick", uint64(p.id))
	return err
}

// Answer answers a call; no headers are a timeout.
func (vm *VM) Answer(c Call, headers [][2]string, body []byte) error {
	c.answer, c.body = headers, body
	vm.response, vm.root = &c, c.root
	defer func() { vm.response = nil }()
	_, err := vm.call("proxy_on_http_call_response", uint64(c.root), uint64(c.id), uint64(len(headers)), uint64(len(body)), 0)
	return err
}
