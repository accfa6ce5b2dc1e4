package host

import (
	"context"
	"fmt"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// Module is a compiled guest.
type Module struct {
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
}

// Compile compiles a guest. Close the module when all its VMs are done with.
func Compile(ctx context.Context, wasm []byte) (*Module, error) {
	r := wazero.NewRuntime(ctx)
	wasi_snapshot_preview1.MustInstantiate(ctx, r)
	if _, err := bind(r.NewHostModuleBuilder("env")).Instantiate(ctx); err != nil {
		return nil, fmt.Errorf("bind host functions: %w", err)
	}
	c, err := r.CompileModule(ctx, wasm)
	if err != nil {
		return nil, fmt.Errorf("compile guest: %w", err)
	}
	return &Module{runtime: r, compiled: c}, nil
}

// Close frees everything.
func (m *Module) Close(ctx context.Context) error { return m.runtime.Close(ctx) }

// Imports lists what the guest wants of its host, "module.function".
func (m *Module) Imports() []string {
	var names []string
	for _, f := range m.compiled.ImportedFunctions() {
		module, name, _ := f.Import()
		names = append(names, module+"."+name)
	}
	return names
}

// Exports lists the functions that the guest offers.
func (m *Module) Exports() []string {
	var names []string
	for name := range m.compiled.ExportedFunctions() {
		names = append(names, name)
	}
	return names
}

// Start makes a VM and starts it.
func (m *Module) Start(ctx context.Context) (*VM, error) {
	vm := &VM{Metrics: map[string]int64{}, Properties: map[string]string{"source\x00address": "192.0.2.7:4711"}, ids: map[string]uint32{}}
	vm.ctx = context.WithValue(ctx, vmKey{}, vm)
	guest, err := m.runtime.InstantiateModule(vm.ctx, m.compiled,
		wazero.NewModuleConfig().WithName("").WithStartFunctions("_initialize").WithSysWalltime().WithSysNanotime())
	if err != nil {
		return nil, fmt.Errorf("start guest: %w", err)
	}
	vm.guest = guest
	vm.functions = map[string]api.Function{}
	for name := range m.compiled.ExportedFunctions() {
		vm.functions[name] = guest.ExportedFunction(name)
	}
	if ok, err := vm.call("proxy_on_vm_start", 0, 0); err != nil || ok != 1 {
		return nil, fmt.Errorf("start guest: proxy_on_vm_start returned %d, %w", ok, err)
	}
	return vm, nil
}
