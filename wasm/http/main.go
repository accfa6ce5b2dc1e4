// Command http is Glacis as an http-wasm guest, which Traefik runs as a plugin
// with runtime: wasm. README.md says how to build and load it, and what it cannot
// do that the interpreted plugin (plugins/traefik) can.
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o plugin.wasm ./wasm/http
package main

// main is not called: the host calls what exports.go exports.
func main() {}
