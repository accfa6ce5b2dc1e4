package mend

import "github.com/glacis-waf/glacis/wasm/internal/binary"

// The host's read_body fails when a client leaves in the middle of its body, and
// a host that fails unwinds the guest's stack, without the Go program knowing: its
// goroutine stays in that call for ever, and the next call, for which the host
// takes the same instance, runs on top of it. So the loop that reads is a function
// of its own, of a few instructions, and calls the Go program for each piece:
//
//	func handle_request() (next i64) {
//		if buffer := glacis_begin(); buffer != 0 {
//			for glacis_piece(read_body(0, buffer, 32768)) != 0 {
//			}
//		}
//		return glacis_finish()
//	}

// The names of what the loop calls, and its own.
const (
	readModule = "http_handler"
	readName   = "read_body"
	beginName  = "glacis_begin"
	pieceName  = "glacis_piece"
	finishName = "glacis_finish"
	handleName = "handle_request"
)

// loop returns the code of handle_request.
func (m *module) loop() []byte {
	f := []byte{1, 1, i32} // one local
	f = m.call(f, beginName)
	f = append(f, 0x22, 0) // local.tee 0
	f = append(f, 0x04, void)
	f = append(f, 0x03, void) // loop
	f = append(f, 0x41, 0)    // i32.const 0: the request
	f = append(f, 0x20, 0)    // local.get 0
	f = append(f, 0x41, 0x80, 0x80, 0x02)
	f = m.call(f, readName)
	f = m.call(f, pieceName)
	f = append(f, 0x0d, 0) // br_if: on
	f = append(f, 0x0b, 0x0b)
	f = m.call(f, finishName)
	return append(f, 0x0b)
}

func (m *module) call(f []byte, name string) []byte {
	return binary.AppendLEB(append(f, 0x10), m.named[name])
}
