package host

import (
	"strings"
	"unsafe"
)

// The kinds of headers and bodies.
const (
	ofRequest  = 0
	ofResponse = 1
)

// pieceBytes is how much of a body is read at a time: one block of the engine.
const pieceBytes = 32 << 10

// memory is where the host writes. It grows with the longest result, which the
// host's limit of header bytes bounds.
var memory = make([]byte, pieceBytes)

// HTTP is the host as a guest sees it.
type HTTP struct{}

// result asks for something that may be too long for memory, then once more.
func result(ask func(buf unsafe.Pointer, limit uint32) uint32) []byte {
	n := ask(address(), uint32(len(memory)))
	if int(n) > len(memory) {
		memory = make([]byte, n)
		n = min(ask(address(), n), n)
	}
	return memory[:n]
}

func address() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(memory)) }

func pointer(s string) unsafe.Pointer { return unsafe.Pointer(unsafe.StringData(s)) }

// list is result for texts that end with NUL each; the host returns their number
// in the high half.
func list(ask func(buf unsafe.Pointer, limit uint32) uint64) []string {
	count := 0
	text := string(result(func(buf unsafe.Pointer, limit uint32) uint32 {
		n := ask(buf, limit)
		count = int(n >> 32)
		return uint32(n)
	}))
	if count == 0 {
		return nil
	}
	return strings.SplitN(strings.TrimSuffix(text, "\x00"), "\x00", count)
}

// Config implements Host.
func (HTTP) Config() []byte { return append([]byte(nil), result(getConfig)...) }

// Log implements Host.
func (HTTP) Log(level Level, line string) { log(int32(level), pointer(line), uint32(len(line))) }

// Method implements Host.
func (HTTP) Method() string { return string(result(getMethod)) }

// Target implements Host.
func (HTTP) Target() string { return string(result(getURI)) }

// Source implements Host.
func (HTTP) Source() string { return string(result(getSourceAddr)) }

// Names implements Host.
func (HTTP) Names() []string {
	return list(func(buf unsafe.Pointer, limit uint32) uint64 { return getHeaderNames(ofRequest, buf, limit) })
}

// Values implements Host.
func (HTTP) Values(name string) []string {
	if name == "" {
		return nil // which the host takes for a mistake
	}
	return list(func(buf unsafe.Pointer, limit uint32) uint64 {
		return getHeaderValues(ofRequest, pointer(name), uint32(len(name)), buf, limit)
	})
}

// SetHeader implements Host.
func (HTTP) SetHeader(name, value string) { setHeader(ofRequest, name, value) }

func setHeader(kind uint32, name, value string) {
	setHeaderValue(kind, pointer(name), uint32(len(name)), pointer(value), uint32(len(value)))
}

// Read implements Host.
func (HTTP) Read() (piece []byte, last bool) {
	return Piece(readBody(ofRequest, Block(), pieceBytes))
}

// block is what pieces of bodies are read to.
var block [pieceBytes]byte

// Block returns the address of the memory for a piece, which stays the same.
func Block() unsafe.Pointer { return unsafe.Pointer(&block) }

// Piece returns what read_body says that it has read.
func Piece(read uint64) (piece []byte, last bool) {
	return block[:min(uint32(read), pieceBytes)], read>>32 != 0
}

// Write implements Host.
func (HTTP) Write(piece []byte) {
	writeBody(ofRequest, unsafe.Pointer(unsafe.SliceData(piece)), uint32(len(piece)))
}

// Answer implements Host. The status comes last but for the body: with it the
// host sends the headers.
func (HTTP) Answer(status int, headers []string, body string) {
	for i := 0; i+1 < len(headers); i += 2 {
		setHeader(ofResponse, headers[i], headers[i+1])
	}
	setStatusCode(uint32(status))
	writeBody(ofResponse, pointer(body), uint32(len(body)))
}
