// Package message reads one request from the two forms that POST /v1/inspect
// takes: an HTTP/1.1 message and the JSON of the corpus format.
//
// Its aim is not to accept what RFC 9112 accepts but to lose nothing: whatever
// cannot be a request line, a field or a chunk is still text that somebody
// wanted inspected. Only a message without a beginning is an error. The body of
// an HTTP/1.1 message is streamed, so that memory does not depend on it.
package message
