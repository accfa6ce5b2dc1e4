// Package gateway is what every wrapper of the engine does besides moving
// bytes: settings with one set of names, the decision that follows from a
// verdict, the event that records it and the answer that a refused client gets.
//
// It imports the core façade only, keeps to the subset of Go that yaegi
// interprets and to packages that are small in WebAssembly.
package gateway
