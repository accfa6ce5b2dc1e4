// Command wasm is Glacis as a proxy-wasm plugin for Envoy, Istio and Envoy
// Gateway. README.md says how to build and load it.
//
//	go run ./wasm/compile -o glacis.wasm
package main

// main is not called: the host calls what exports.go exports.
func main() {}
