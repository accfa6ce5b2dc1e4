package envoy

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/glacis-waf/glacis/conformance"
	"github.com/glacis-waf/glacis/conformance/envoy/host"
)

var compiled struct {
	sync.Once
	module *host.Module
	err    error
}

// module compiles the guest for wazero, once for all tests.
func module(t testing.TB) *host.Module {
	t.Helper()
	compiled.Do(func() {
		file, err := Guest()
		if err != nil {
			compiled.err = err
			return
		}
		wasm, err := os.ReadFile(file)
		if err != nil {
			compiled.err = err
			return
		}
		compiled.module, compiled.err = host.Compile(context.Background(), wasm)
	})
	if compiled.err != nil {
		t.Fatal(compiled.err)
	}
	return compiled.module
}

func newVM(t testing.TB) *host.VM {
	t.Helper()
	vm, err := module(t).Start(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return vm
}

// plugin starts a plugin in a VM of its own.
func plugin(t testing.TB, config string) (*host.VM, *host.Plugin) {
	t.Helper()
	vm := newVM(t)
	p, ok, err := vm.Plugin(config)
	if err != nil || !ok {
		t.Fatalf("configure: %v, %v, %v", ok, err, vm.Logs)
	}
	return vm, p
}

// must fails the test on an error: the guest never traps.
func must(t testing.TB, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func TestImports(t *testing.T) {
	text, err := os.ReadFile("testdata/imports.txt")
	if err != nil {
		t.Fatal(err)
	}
	allowed := strings.Fields(withoutComments(string(text)))
	for _, name := range module(t).Imports() {
		if !slices.Contains(allowed, name) {
			t.Errorf("glacis.wasm imports %s: older Envoys do not have it (testdata/imports.txt)", name)
		}
	}
	exports := module(t).Exports()
	for _, name := range []string{"_initialize", "proxy_abi_version_0_2_1", "proxy_on_memory_allocate", "proxy_on_request_trailers", "proxy_on_delete"} {
		if !slices.Contains(exports, name) {
			t.Errorf("glacis.wasm does not export %s", name)
		}
	}
}

// withoutComments drops the comments.
func withoutComments(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

// wazeroTarget is the plugin in the host of package host.
type wazeroTarget struct{}

func (wazeroTarget) Name() string { return "envoy/wasm wazero" }

func (wazeroTarget) Deviations() []conformance.Deviation { return nil }

func (wazeroTarget) Start(t testing.TB, _ string) conformance.Instance {
	return startWazero(t, `{"mode":"prevent","log":"all","holdHeaders":true}`)
}

// StartUnder implements conformance.Ruled.
func (wazeroTarget) StartUnder(t testing.TB, _ string, p *conformance.Policy) conformance.Instance {
	return startWazero(t, `{"mode":"prevent","log":"all","holdHeaders":true,"policy":`+string(p.JSON)+`}`)
}

func startWazero(t testing.TB, config string) conformance.Instance {
	vm, p := plugin(t, config)
	vm.Properties["source\x00address"] = conformance.Peer + ":4711"
	p.HoldsHeaders = true
	return conformance.Direct(func(m *conformance.Message) (conformance.Event, error) {
		vm.Logs = nil
		if err := drive(p, m); err != nil {
			return conformance.Event{}, err
		}
		for _, l := range vm.Logs {
			var e conformance.Event
			if json.Unmarshal([]byte(l.Text), &e) == nil && e.ID == m.ID {
				return e, nil
			}
		}
		return conformance.Event{}, errors.New("the guest logged no event")
	})
}

// drive sends a message through the guest, the body in chunks of 16 KiB as
// Envoy reads it.
func drive(p *host.Plugin, m *conformance.Message) error {
	s, err := p.Begin()
	if err != nil {
		return err
	}
	r := m.Request
	hosted := false
	headers := [][2]string{{":method", r.Method}, {":path", r.URI}, {":scheme", "http"}}
	for _, h := range r.Headers {
		switch name := strings.ToLower(h.Name); name {
		case "host":
			if !hosted {
				name, hosted = ":authority", true
			}
			headers = append(headers, [2]string{name, h.Value})
		default:
			headers = append(headers, [2]string{name, h.Value})
		}
	}
	bodies := len(r.Body) > 0 || len(r.Trailers) > 0
	if err := s.Headers(headers, !bodies); err != nil {
		return err
	}
	for rest := r.Body; len(rest) > 0 && s.Response == nil; {
		n := min(len(rest), 16<<10)
		if err := s.Body(rest[:n], n == len(rest) && len(r.Trailers) == 0); err != nil {
			return err
		}
		rest = rest[n:]
	}
	if len(r.Trailers) > 0 && s.Response == nil {
		var trailers [][2]string
		for _, h := range r.Trailers {
			trailers = append(trailers, [2]string{strings.ToLower(h.Name), h.Value})
		}
		if err := s.Trailers(trailers); err != nil {
			return err
		}
	}
	return s.Close()
}

func TestConformanceWazero(t *testing.T) { conformance.Run(t, wazeroTarget{}) }
