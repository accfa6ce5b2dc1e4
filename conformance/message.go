package conformance

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// IDHeader carries the request id to the backend even where a gateway puts its
// own into X-Request-Id.
const IDHeader = "X-Conformance-Id"

// Message is one request as it is to be sent.
type Message struct {
	// ID is the request id; the request has it in X-Request-Id and in IDHeader.
	ID string
	// Raw is the request as an HTTP/1.1 message, byte for byte.
	Raw []byte
	// Writes are the sizes of the pieces in which Raw is written, with a short
	// pause after each; what is left follows at once. Empty means all at once.
	Writes []int
	// Request is what Raw says: headers in their order, the body without
	// transfer encoding. It is nil if Raw is not a valid message.
	Request *core.Request
	// HTTP2 says to send Request over HTTP/2 (with prior knowledge) instead.
	HTTP2 bool
	// Unfinished says that the client hangs up at the end of Raw.
	Unfinished bool
}

// chunked says how a body is transferred: nil means with a Content-Length, else
// in chunks of these sizes, the last of which repeats.
type chunked []int

// render writes r as an HTTP/1.1 message.
func render(r *core.Request, chunks chunked) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", r.Method, r.URI)
	writeLines(&b, r.Headers)
	b.WriteString("\r\n")
	if len(chunks) == 0 {
		b.Write(r.Body)
		return b.Bytes()
	}
	rest := r.Body
	for i := 0; len(rest) > 0; i++ {
		n := min(chunks[min(i, len(chunks)-1)], len(rest))
		fmt.Fprintf(&b, "%x\r\n%s\r\n", n, rest[:n])
		rest = rest[n:]
	}
	b.WriteString("0\r\n")
	writeLines(&b, r.Trailers)
	b.WriteString("\r\n")
	return b.Bytes()
}

func writeLines(b *bytes.Buffer, lines []core.Header) {
	for _, h := range lines {
		b.WriteString(h.Name + ": " + h.Value + "\r\n")
	}
}

// newMessage completes a request with host, ids and framing, unless it has its
// own, and renders it. r is not changed.
func newMessage(id string, r core.Request, chunks chunked) *Message {
	head := make([]core.Header, 0, len(r.Headers)+5)
	if !has(r.Headers, "Host") {
		head = append(head, core.Header{Name: "Host", Value: "shop.test"})
	}
	head = append(head, core.Header{Name: "X-Request-Id", Value: id}, core.Header{Name: IDHeader, Value: id})
	if !has(r.Headers, "User-Agent") {
		head = append(head, core.Header{Name: "User-Agent", Value: "conformance/1.0"})
	}
	head = append(head, r.Headers...)
	switch {
	case len(chunks) > 0:
		if len(r.Trailers) > 0 {
			head = append(head, core.Header{Name: "Trailer", Value: names(r.Trailers)})
		}
		head = append(head, core.Header{Name: "Transfer-Encoding", Value: "chunked"})
	case !has(r.Headers, "Content-Length") && (len(r.Body) > 0 || r.Method == "POST" || r.Method == "PUT"):
		head = append(head, core.Header{Name: "Content-Length", Value: fmt.Sprint(len(r.Body))})
	}
	r.Headers = head
	return &Message{ID: id, Raw: render(&r, chunks), Request: &r}
}

func has(headers []core.Header, name string) bool {
	for _, h := range headers {
		if strings.EqualFold(h.Name, name) {
			return true
		}
	}
	return false
}

func names(lines []core.Header) string {
	var out []string
	for _, h := range lines {
		out = append(out, h.Name)
	}
	return strings.Join(out, ", ")
}
