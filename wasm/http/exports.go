//go:build wasip1

package main

import (
	"os"
	"unsafe"

	"github.com/glacis-waf/glacis/wasm/http/internal/guest"
	"github.com/glacis-waf/glacis/wasm/http/internal/host"
)

// instance is what this instance of the module was configured to be. A host makes
// as many instances as there are requests at a time.
var instance *guest.Guest

// init reads the configuration. With one that is wrong the instance must not come
// to be, so that the host refuses to make the middleware.
func init() {
	g, err := guest.New(host.HTTP{})
	if err != nil {
		host.HTTP{}.Log(host.LogError, "glacis: "+err.Error())
		os.Exit(1)
	}
	instance = g
}

// begin, piece and finish are called by the handle_request that wasm/http/link
// puts in the place of the one below; mend/reading.go says why. begin returns where
// pieces of the body are to be read to, nil for no body.
//
//go:wasmexport glacis_begin
func begin() unsafe.Pointer {
	if instance.Begin() {
		return host.Block()
	}
	return nil
}

//go:wasmexport glacis_piece
func piece(read uint64) uint32 {
	if instance.Piece(host.Piece(read)) {
		return 1
	}
	return 0
}

//go:wasmexport glacis_finish
func finish() uint64 { return next(instance.Finish()) }

//go:wasmexport handle_request
func handleRequest() uint64 { return next(instance.Request()) }

//go:wasmexport handle_response
func handleResponse(_, _ uint32) {}

// next says whether the host may ask the next handler.
func next(may bool) uint64 {
	if may {
		return 1
	}
	return 0
}
