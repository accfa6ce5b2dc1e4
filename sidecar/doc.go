// Package sidecar serves what gateways ask for over the network: inspections,
// for those that have no engine of their own, and whatever else they share.
//
// A Server has two kinds of listeners, each on TCP or a unix socket: one for
// HTTP (package api) and one for gRPC (package api/envoy). Plain
// text is for loopback addresses and unix sockets only; on any other address a
// listener needs TLS and, against strangers, a token or client certificates.
package sidecar
