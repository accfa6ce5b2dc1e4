package traefik

import (
	"bytes"
	"net/http"
	"strconv"
)

// writeHead writes the request line and the headers of r as an HTTP/1.1 message
// (RFC 9112), in the order of their names. A body whose length is not known, or
// that has trailers, goes in chunks; then it returns true.
func writeHead(dst *bytes.Buffer, r *http.Request) bool {
	dst.WriteString(r.Method + " " + target(r) + " HTTP/1.1\r\nHost: " + r.Host + "\r\n")
	_ = r.Header.Write(dst) // a Buffer takes everything
	chunked := r.Body != nil && r.Body != http.NoBody && (r.ContentLength < 0 || len(r.Trailer) > 0)
	if chunked {
		dst.WriteString("Transfer-Encoding: chunked\r\n")
	}
	for _, name := range sorted(r.Trailer) {
		dst.WriteString("Trailer: " + name + "\r\n")
	}
	dst.WriteString("\r\n")
	return chunked
}

// appendField appends one header line. net/http lets no line end into a name or
// a value.
func appendField(dst []byte, name, value string) []byte {
	dst = append(dst, name...)
	dst = append(dst, ':', ' ')
	dst = append(dst, value...)
	return append(dst, '\r', '\n')
}

// appendChunk appends a piece of a body as a chunk.
func appendChunk(dst, p []byte) []byte {
	dst = strconv.AppendInt(dst, int64(len(p)), 16)
	dst = append(dst, '\r', '\n')
	dst = append(dst, p...)
	return append(dst, '\r', '\n')
}

// appendEnd appends the last chunk and the trailers.
func appendEnd(dst []byte, trailer http.Header) []byte {
	dst = append(dst, '0', '\r', '\n')
	for _, name := range sorted(trailer) {
		for _, value := range trailer[name] {
			dst = appendField(dst, name, value)
		}
	}
	return append(dst, '\r', '\n')
}
