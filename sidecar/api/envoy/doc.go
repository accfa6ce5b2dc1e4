// Package envoy answers Envoy's questions over gRPC: ext_authz (Authz) and
// ext_proc (Processor), both version 3.
//
// What the two see differs. ext_authz shows the headers as a map, in which
// duplicates are joined, unless encode_raw_headers is set, and of the body what
// Envoy is told to buffer; trailers never. ext_proc shows every header as it is,
// the body whole or as it streams, and the trailers.
package envoy
