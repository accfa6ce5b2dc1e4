// Package httpwasm runs the WebAssembly plugin for Traefik (wasm/http) in the
// host that Traefik runs it in, http-wasm-host-go, at the versions that Traefik
// 3.7.15 has: what only a host within reach can show, above all what an instance
// costs. The module is its own because nothing else needs these packages, and
// other parts of the project a newer wazero.
package httpwasm
