// Command wasm is Glacis as a proxy-wasm plugin for Envoy, Istio and Envoy
// Gateway. README.md says how to build and load it.
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o glacis.wasm ./wasm
package main

// main is not called: the host calls what exports.go exports.
func main() {}
