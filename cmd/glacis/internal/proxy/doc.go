// Package proxy is the streaming reverse proxy behind "glacis proxy": it
// stands before one upstream, shows every request to the engine and lets
// through what the engine does not block.
//
// # What the upstream sees
//
// Method, request target and body arrive byte for byte as the client sent them
// (one exception: a target that begins with "//" and contains bytes that
// RFC 3986 does not allow is percent-encoded), also trailers and the Host
// header. Hop-by-hop headers are removed (RFC 9110, section 7.6.1), Forwarded
// and X-Forwarded-* are replaced by the proxy's own, Via and a request id are
// added.
//
// # What the engine sees
//
// What net/http made of the message: header names in canonical case and sorted,
// all duplicates in their order, Host and Transfer-Encoding put back, the target
// as it was on the wire. Messages that net/http itself refuses (a space before
// the colon, conflicting lengths, control bytes in the target …) get its plain
// 400 and never get here. In the two cases where a message can be read in two
// ways net/http settles on one and the upstream gets a freshly written message:
// a Content-Length beside a Transfer-Encoding is dropped.
//
// # Bodies
//
// In prevent mode a body is read in blocks of 32 KiB, each judged before the
// upstream gets it, so that at most one block and one byte are held. A body
// that fits into one block is judged as a whole before the upstream is even
// contacted; a longer one whose later part is blocked is cut off: the
// connection to the upstream is aborted and the client gets the refusal (or,
// when the upstream has already begun to answer, an aborted response). gRPC and
// Connect streams may wait for an answer before the client goes on, so what is
// held of them is passed on after StreamHold. In detect mode nothing is ever
// held, refused or altered.
//
// An upgraded connection (WebSocket) is inspected up to and including the
// request; what follows the 101 is passed on untouched.
package proxy
