//go:build wasip1

package main

import (
	"github.com/glacis-waf/glacis/wasm/internal/abi"
	"github.com/glacis-waf/glacis/wasm/internal/guest"
)

// vm is made before the host calls anything; it asks nothing of the host yet.
var vm = guest.NewVM(abi.Envoy{})

//go:wasmexport proxy_on_context_create
func proxyOnContextCreate(id, parent uint32) { vm.ContextCreate(id, parent) }

//go:wasmexport proxy_on_vm_start
func proxyOnVMStart(_, _ uint32) int32 { return 1 }

//go:wasmexport proxy_on_configure
func proxyOnConfigure(root uint32, size int32) int32 {
	ok := vm.Configure(root, int(size))
	abi.Shrink()
	return boolean(ok)
}

//go:wasmexport proxy_on_request_headers
func proxyOnRequestHeaders(id uint32, _, end int32) int32 {
	return int32(vm.RequestHeaders(id, end != 0))
}

//go:wasmexport proxy_on_request_body
func proxyOnRequestBody(id uint32, size, end int32) int32 {
	return int32(vm.RequestBody(id, int(size), end != 0))
}

//go:wasmexport proxy_on_request_trailers
func proxyOnRequestTrailers(id uint32, _ int32) int32 { return int32(vm.RequestTrailers(id)) }

//go:wasmexport proxy_on_tick
func proxyOnTick(root uint32) {
	vm.Tick(root)
	collect()
}

//go:wasmexport proxy_on_http_call_response
func proxyOnHTTPCallResponse(root, call uint32, _, size, _ int32) {
	vm.CallResponse(root, call, int(size))
	abi.Shrink()
}

//go:wasmexport proxy_on_delete
func proxyOnDelete(id uint32) { vm.Delete(id) }

func boolean(b bool) int32 {
	if b {
		return 1
	}
	return 0
}
