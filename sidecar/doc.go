// Package sidecar is the process beside the gateways: it inspects for those
// that cannot, and whatever else is shared by them.
//
// A Server has two kinds of listeners, each on TCP or a unix socket: one for
// HTTP (package api) and one for gRPC (packages extauthz and extproc). Plain
// text is for loopback addresses and unix sockets only; on any other address a
// listener needs TLS and, against strangers, a token or client certificates.
package sidecar
