package traefik

import (
	"net/http"
	"strconv"
)

// appendHead appends the request line and the headers of r as an HTTP/1.1
// message (RFC 9112). A body whose length is not known, or that has trailers,
// goes in chunks; then chunked is true.
func appendHead(dst []byte, r *http.Request) ([]byte, bool) {
	dst = append(dst, r.Method...)
	dst = append(dst, ' ')
	dst = append(dst, target(r)...)
	dst = append(dst, " HTTP/1.1\r\n"...)
	dst = appendField(dst, "Host", r.Host)
	headers := r.Header
	for _, name := range sorted(headers) {
		for _, value := range headers[name] {
			dst = appendField(dst, name, value)
		}
	}
	chunked := r.Body != nil && r.Body != http.NoBody && (r.ContentLength < 0 || len(r.Trailer) > 0)
	if chunked {
		dst = appendField(dst, "Transfer-Encoding", "chunked")
	}
	for _, name := range sorted(r.Trailer) {
		dst = appendField(dst, "Trailer", name)
	}
	return append(dst, '\r', '\n'), chunked
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
