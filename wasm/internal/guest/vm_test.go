package guest

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/wasm/internal/abi"
)

// hostile is an attack that the embedded model blocks.
const hostile = "1%27%20union%20select%20username,password%20from%20users--"

// exchange is one request with body and trailers, callback by callback.
type exchange struct {
	vm      *VM
	host    *fakeHost
	actions []abi.Action
}

// run calls the callbacks of a stream in their order, and arms the host with a
// panic just for the callback at, "" for none. It stops when the host would:
// after an answer.
func (x *exchange) run(id uint32, query, method, at string) {
	h := x.host
	h.maps[abi.RequestHeaders] = []string{":method", "POST", ":path", "/items?q=" + query, ":authority", "shop.test",
		"content-type", "application/x-www-form-urlencoded", "content-length", "3"}
	h.maps[abi.RequestTrailers] = []string{"x-sum", "1"}
	h.buffers[abi.RequestBody] = "a=1"
	step := func(name string, call func()) {
		if name == at {
			h.panics = method
		}
		call()
		h.panics = ""
	}
	step("ContextCreate", func() { x.vm.ContextCreate(id, 1) })
	for _, c := range []struct {
		name string
		call func() abi.Action
	}{
		{"RequestHeaders", func() abi.Action { return x.vm.RequestHeaders(id, false) }},
		{"RequestBody", func() abi.Action { return x.vm.RequestBody(id, 3, false) }},
		{"RequestTrailers", func() abi.Action { return x.vm.RequestTrailers(id) }},
	} {
		before, panics := len(h.answers), h.reached
		step(c.name, func() { x.actions = append(x.actions, c.call()) })
		if c.name == "RequestHeaders" && at == "Delete" { // the client hangs up
			break
		}
		if len(h.answers) > before || h.reached > panics && x.actions[len(x.actions)-1] == abi.Pause {
			break
		}
	}
	step("Delete", func() { x.vm.Delete(id) })
}

// TestStreamCallbacksPanic: in every callback of a stream and every method of the
// host that it calls, a panic ends that inspection only, as failMode says. What
// is refused does not pass, whatever the host fails at.
func TestStreamCallbacksPanic(t *testing.T) {
	covered := map[string]int{}
	for _, mode := range []string{"open", "closed"} {
		for _, callback := range []string{"ContextCreate", "RequestHeaders", "RequestBody", "RequestTrailers", "Delete"} {
			for _, method := range []string{"Log", "Now", "HeaderMap", "SetHeader", "Buffer", "Property", "Respond", "Add", "Record"} {
				for _, query := range []string{"lamp", hostile} {
					vm, h := newFakeVM(t, `{"failMode":"`+mode+`","log":"all","sidecar":"waf"}`)
					x := exchange{vm: vm, host: h}
					x.run(2, query, method, callback)
					name := callback + "/" + method + "/" + mode + "/" + query[:4]
					if h.reached > 0 {
						covered[callback+" "+mode]++
					}
					refused := x.actions[len(x.actions)-1] == abi.Pause
					unseen := h.reached > 0 && (method == "Now" || method == "HeaderMap" || method == "Property") // before there is a verdict
					switch {
					case query == hostile && !refused && !(mode == "open" && unseen):
						t.Errorf("%s: an attack passes: %v, answers %v, %q", name, x.actions, h.answers, h.logs)
					case query != hostile && refused && mode == "open":
						t.Errorf("%s: an honest request is refused: %v, answers %v, %q", name, x.actions, h.answers, h.logs)
					case refused && len(h.answers) == 0 && method != "Respond":
						t.Errorf("%s: held, and not answered: %v, %q", name, x.actions, h.logs)
					}
					if h.reached > 0 && method != "Log" && !strings.Contains(strings.Join(h.logs, "\n"), "panic: asked to") {
						t.Errorf("%s: not in the log: %q", name, h.logs)
					}
					if vm.Bodies() != 0 {
						t.Errorf("%s: %d bodies are still counted", name, vm.Bodies())
					}
					h.answers, x.actions = nil, nil
					x.run(3, hostile, "", "")
					x.run(4, "lamp", "", "")
					if len(h.answers) != 1 || h.answers[0] != 403 || len(x.actions) != 4 {
						t.Errorf("%s: afterwards %v, answers %v", name, x.actions, h.answers)
					}
				}
			}
		}
	}
	delete(covered, "ContextCreate open") // calls nothing of the host
	delete(covered, "ContextCreate closed")
	if len(covered) != 8 {
		t.Errorf("panics reached only %v", covered)
	}
}

// TestRootCallbacksPanic: panics in the callbacks of a root context leave what is
// in force as it was.
func TestRootCallbacksPanic(t *testing.T) {
	for _, mode := range []string{"open", "closed"} {
		config := `{"failMode":"` + mode + `","sidecar":"waf","sidecarToken":"t"}`
		for method, call := range map[string]func(vm *VM, h *fakeHost){
			"Buffer": func(vm *VM, _ *fakeHost) {
				if vm.Configure(1, len(config)) {
					t.Error("a configuration counts as taken after a panic")
				}
			},
			"Now":  func(vm *VM, _ *fakeHost) { vm.Tick(1) },
			"Call": func(vm *VM, _ *fakeHost) { vm.Tick(1) },
			"HeaderMap": func(vm *VM, h *fakeHost) {
				h.panics = ""
				vm.Tick(1)
				id := h.last(t, modelPath).id
				h.panics = "HeaderMap"
				vm.CallResponse(1, id, 0)
			},
			"Log": func(vm *VM, _ *fakeHost) { vm.Configure(9, 0) }, // which logs that there is no such root
		} {
			vm, h := newFakeVM(t, config)
			h.panics = method
			call(vm, h)
			h.panics = ""
			if h.reached == 0 || method != "Log" && !strings.Contains(strings.Join(h.logs, "\n"), "panic: asked to") {
				t.Errorf("%s, %s: %d panics, %q", method, mode, h.reached, h.logs)
			}
			x := exchange{vm: vm, host: h}
			x.run(2, hostile, "", "")
			if len(h.answers) != 1 || h.answers[0] != 403 {
				t.Errorf("%s, %s: afterwards %v, answers %v", method, mode, x.actions, h.answers)
			}
			h.now += 60 * second
			sent := len(h.sent)
			vm.Tick(1)
			if len(h.sent) == sent {
				t.Errorf("%s, %s: the agent is dead", method, mode)
			}
		}
	}
}
