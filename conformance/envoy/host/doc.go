// Package host is a proxy-wasm host for tests: it loads a guest into wazero and
// plays the part of Envoy, with the same meaning of pausing and buffering, for
// one stream at a time. It has what glacis.wasm imports and no more.
//
// Unlike Envoy it can be told to misbehave: see VM.Corrupt.
package host
