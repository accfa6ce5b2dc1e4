//go:build wasip1

package main

import (
	"os"

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

//go:wasmexport handle_request
func handleRequest() uint64 {
	if instance.Request() {
		return 1
	}
	return 0
}

//go:wasmexport handle_response
func handleResponse(_, _ uint32) {}
