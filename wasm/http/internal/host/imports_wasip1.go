package host

import "unsafe"

// The functions of the host. Pointers are addresses in the guest's memory. What
// is longer than limit is not written; its length is returned all the same.

//go:wasmimport http_handler get_config
//go:noescape
func getConfig(buf unsafe.Pointer, limit uint32) uint32

//go:wasmimport http_handler log
//go:noescape
func log(level int32, text unsafe.Pointer, size uint32)

//go:wasmimport http_handler get_method
//go:noescape
func getMethod(buf unsafe.Pointer, limit uint32) uint32

//go:wasmimport http_handler get_uri
//go:noescape
func getURI(buf unsafe.Pointer, limit uint32) uint32

//go:wasmimport http_handler get_source_addr
//go:noescape
func getSourceAddr(buf unsafe.Pointer, limit uint32) uint32

//go:wasmimport http_handler get_header_names
//go:noescape
func getHeaderNames(kind uint32, buf unsafe.Pointer, limit uint32) uint64

//go:wasmimport http_handler get_header_values
//go:noescape
func getHeaderValues(kind uint32, name unsafe.Pointer, size uint32, buf unsafe.Pointer, limit uint32) uint64

//go:wasmimport http_handler set_header_value
//go:noescape
func setHeaderValue(kind uint32, name unsafe.Pointer, nameSize uint32, value unsafe.Pointer, valueSize uint32)

//go:wasmimport http_handler read_body
//go:noescape
func readBody(kind uint32, buf unsafe.Pointer, limit uint32) uint64

//go:wasmimport http_handler write_body
//go:noescape
func writeBody(kind uint32, buf unsafe.Pointer, size uint32)

//go:wasmimport http_handler set_status_code
//go:noescape
func setStatusCode(status uint32)
