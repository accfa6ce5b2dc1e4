// Package request reads HTTP requests from the formats in which people keep
// them: JSON Lines (the corpus format), HAR, raw messages, curl commands and
// access logs.
//
// Reading has two stages. Splitting finds where a record begins and ends and
// is sequential; decoding turns one record into requests and may run on any
// number of goroutines. Both are tolerant: a record that cannot be read is an
// error with its line number, and the records after it are still read.
package request

import "github.com/glacis-waf/glacis/core"

// MaxRecord is the longest record, in bytes, that is kept in memory. A longer
// one is skipped and reported as ErrTooLong.
const MaxRecord = 64 << 20

// Request is one HTTP request with what its source says about it. Everything
// but HTTP and ID is optional.
type Request struct {
	// HTTP is what the engine inspects.
	HTTP core.Request
	// ID names the request; where the source has none it is "file:line".
	ID string
	// Source is the data set or log the request was taken from.
	Source string
	// Label is "attack", "benign" or "" when unknown.
	Label string
	// Category is the class of attack or of benign traffic.
	Category string
	// Kind is the benchmark kind ("small_get").
	Kind string
	// Payload is the raw attack string as its source gives it.
	Payload string
	// Weak marks an attack that cannot be told from the value alone.
	Weak bool
}

// WireBytes is the size of the request as an HTTP/1.1 message without
// transfer encoding, in bytes.
func (r *Request) WireBytes() int {
	n := len(r.HTTP.Method) + len(" ") + len(r.HTTP.URI) + len(" HTTP/1.1\r\n") + len("\r\n") + len(r.HTTP.Body)
	for _, h := range r.HTTP.Headers {
		n += len(h.Name) + len(": ") + len(h.Value) + len("\r\n")
	}
	return n
}
