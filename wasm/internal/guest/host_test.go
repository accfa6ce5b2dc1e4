package guest

import (
	"slices"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/wasm/internal/abi"
)

// fakeHost is a host in memory. What is in panics is a method that panics when
// it is called, as nothing in a host should.
type fakeHost struct {
	now     uint64
	maps    map[abi.MapType][]string
	buffers map[abi.BufferType]string
	panics  string
	reached int // panics so far
	logs    []string
	sent    []sentCall
	answers []int // statuses of Respond
}

// sentCall is a call to a cluster.
type sentCall struct {
	id         uint32
	path, body string
}

func (h *fakeHost) enter(method string) {
	if method == h.panics {
		h.reached++
		panic("asked to")
	}
}

func (h *fakeHost) Log(_ abi.LogLevel, line []byte) {
	h.enter("Log")
	h.logs = append(h.logs, string(line))
}

func (h *fakeHost) Now() uint64 {
	h.enter("Now")
	return h.now
}

func (h *fakeHost) HeaderMap(m abi.MapType) ([]byte, bool) {
	h.enter("HeaderMap")
	pairs, ok := h.maps[m]
	return abi.AppendMap(nil, pairs...), ok
}

func (h *fakeHost) SetHeader(abi.MapType, string, string) bool {
	h.enter("SetHeader")
	return true
}

func (h *fakeHost) Buffer(b abi.BufferType, start, most int) ([]byte, bool) {
	h.enter("Buffer")
	text, ok := h.buffers[b]
	return []byte(text[start:min(len(text), start+most)]), ok
}

func (h *fakeHost) Property(string) ([]byte, bool) {
	h.enter("Property")
	return nil, false
}

func (h *fakeHost) Respond(status int, _, _ string, _ []byte, _ int) bool {
	h.enter("Respond")
	h.answers = append(h.answers, status)
	return true
}

func (h *fakeHost) Call(_ string, headers, body []byte, _ uint32) (uint32, bool) {
	h.enter("Call")
	c := sentCall{id: uint32(len(h.sent) + 1), body: string(body)}
	pairs, err := abi.Parse(headers)
	for name, value, more := pairs.Next(); more && err == nil; name, value, more = pairs.Next() {
		if name == ":path" {
			c.path = strings.Clone(value)
		}
	}
	h.sent = append(h.sent, c)
	return c.id, true
}

func (h *fakeHost) Tick(uint32) bool {
	h.enter("Tick")
	return true
}

func (h *fakeHost) Define(abi.MetricType, string) (uint32, bool) {
	h.enter("Define")
	return 1, true
}

func (h *fakeHost) Add(uint32, int64) { h.enter("Add") }

func (h *fakeHost) Record(uint32, uint64) { h.enter("Record") }

// last is the last call to a path.
func (h *fakeHost) last(t *testing.T, path string) sentCall {
	t.Helper()
	for _, c := range slices.Backward(h.sent) {
		if c.path == path {
			return c
		}
	}
	t.Fatalf("no call to %s: %+v", path, h.sent)
	return sentCall{}
}

// reply has the VM take an answer to a call.
func (h *fakeHost) reply(vm *VM, call uint32, status, body string) {
	h.maps[abi.CallHeaders] = []string{":status", status}
	h.buffers[abi.CallBody] = body
	vm.CallResponse(1, call, len(body))
}

// newFakeVM makes a VM with a root context 1 that has a configuration.
func newFakeVM(t *testing.T, config string) (*VM, *fakeHost) {
	t.Helper()
	h := &fakeHost{now: 1000 * second, maps: map[abi.MapType][]string{}, buffers: map[abi.BufferType]string{abi.PluginConfig: config}}
	vm := NewVM(h)
	vm.ContextCreate(1, 0)
	if !vm.Configure(1, len(config)) {
		t.Fatalf("configure: %v", h.logs)
	}
	return vm, h
}
