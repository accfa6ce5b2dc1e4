package request

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// decodeRaw decodes one HTTP/1 message (RFC 9112). Line ends may be CRLF or
// LF. A header line without colon is a header without value, a folded line
// continues the one before. Chunks are joined; Content-Length is not needed:
// the frame ends where the message does.
func decodeRaw(data []byte, dst []Request) ([]Request, error) {
	line, rest := cutLine(data)
	var r Request
	r.HTTP.Method, r.HTTP.URI = splitRequestLine(line)
	r.HTTP.URI = strings.TrimSpace(r.HTTP.URI)
	if !startsMessage(line) {
		return dst, errNoRequestLine
	}
	r.HTTP.Headers, rest = decodeFields(rest)
	length, chunked := -1, false
	for _, h := range r.HTTP.Headers {
		switch strings.ToLower(h.Name) {
		case "content-length":
			if n, err := strconv.Atoi(h.Value); err == nil && n >= 0 && length < 0 {
				length = n
			}
		case "transfer-encoding":
			chunked = chunked || strings.Contains(strings.ToLower(h.Value), "chunked")
		}
	}
	switch {
	case chunked:
		r.HTTP.Body, rest = dechunk(rest)
		if len(rest) > 0 {
			r.HTTP.Trailers, rest = decodeFields(rest)
		}
		// What lies behind the trailers is no part of the message, but of the
		// text that was to be inspected.
		r.HTTP.Body = append(r.HTTP.Body, bytes.TrimRight(rest, "\r\n")...)
	case length >= 0 && length <= len(rest):
		extra := bytes.TrimRight(rest[length:], "\r\n")
		r.HTTP.Body = rest[:length+len(extra)]
	default:
		r.HTTP.Body = bytes.TrimRight(rest, "\r\n")
	}
	if len(r.HTTP.Body) == 0 {
		r.HTTP.Body = nil
	}
	return append(dst, r), nil
}

// decodeFields reads header lines up to and with the empty line.
func decodeFields(data []byte) (fields []core.Header, rest []byte) {
	for len(data) > 0 {
		line, after := cutLine(data)
		data = after
		if line == "" {
			break
		}
		if (line[0] == ' ' || line[0] == '\t') && len(fields) > 0 {
			fields[len(fields)-1].Value += " " + strings.TrimSpace(line)
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		fields = append(fields, core.Header{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)})
	}
	return fields, data
}

// dechunk joins the chunks of a body. At the first size that is none the rest
// is taken as it is; without that, rest is what follows the last chunk.
func dechunk(data []byte) (body, rest []byte) {
	for len(data) > 0 {
		line, after, _ := bytes.Cut(data, []byte{'\n'})
		size, ok := chunkSize(line)
		if !ok {
			return append(body, bytes.TrimRight(data, "\r\n")...), nil
		}
		if size == 0 {
			return body, after
		}
		size = min(size, len(after))
		body = append(body, after[:size]...)
		data = after[size:]
		if end, after := cutLine(data); end == "" {
			data = after
		}
	}
	return body, nil
}

// cutLine cuts a line off, without its line end.
func cutLine(data []byte) (line string, rest []byte) {
	text, rest, _ := bytes.Cut(data, []byte{'\n'})
	return string(bytes.TrimSuffix(text, []byte{'\r'})), rest
}
