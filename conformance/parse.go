package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// parse reads an HTTP/1.1 message strictly by RFC 9112 and takes off the
// transfer encoding. What may be read in two ways is an error: such a message is
// for the gateway to refuse.
func parse(raw []byte) (*core.Request, error) {
	head, body, ok := bytes.Cut(raw, []byte("\r\n\r\n"))
	if !ok {
		return nil, errors.New("head does not end")
	}
	lines := strings.Split(string(head), "\r\n")
	parts := strings.Split(lines[0], " ")
	if len(parts) != 3 || parts[2] != "HTTP/1.1" || parts[0] == "" || parts[1] == "" || strings.ContainsAny(parts[1], "\r\n\t\x00") {
		return nil, errors.New("bad request line")
	}
	headers, err := parseLines(lines[1:])
	if err != nil {
		return nil, err
	}
	if !has(headers, "Host") {
		return nil, errors.New("no host")
	}
	r := &core.Request{Method: parts[0], URI: parts[1], Headers: headers}
	length, chunks := -1, false
	for _, h := range headers {
		switch strings.ToLower(h.Name) {
		case "content-length":
			n, err := strconv.ParseUint(h.Value, 10, 31)
			if err != nil || length >= 0 {
				return nil, errors.New("bad content length")
			}
			length = int(n)
		case "transfer-encoding":
			if h.Value != "chunked" || chunks {
				return nil, errors.New("bad transfer encoding")
			}
			chunks = true
		}
	}
	switch {
	case chunks && length >= 0:
		return nil, errors.New("two lengths")
	case chunks:
		return r, dechunk(r, body)
	case len(body) != max(length, 0):
		return nil, fmt.Errorf("body of %d bytes, want %d", len(body), length)
	}
	r.Body = body
	return r, nil
}

func parseLines(lines []string) ([]core.Header, error) {
	var out []core.Header
	for _, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		if !ok || name == "" || strings.ContainsAny(name, " \t") || strings.ContainsAny(line, "\r\n\x00") {
			return nil, fmt.Errorf("bad header line %q", line)
		}
		out = append(out, core.Header{Name: name, Value: strings.Trim(value, " \t")})
	}
	return out, nil
}

func dechunk(r *core.Request, body []byte) error {
	for {
		line, rest, ok := bytes.Cut(body, []byte("\r\n"))
		size, _, _ := strings.Cut(string(line), ";")
		n, err := strconv.ParseUint(size, 16, 31)
		if !ok || err != nil {
			return fmt.Errorf("bad chunk size %q", line)
		}
		if n == 0 {
			body = rest
			break
		}
		if len(rest) < int(n)+2 || string(rest[n:n+2]) != "\r\n" {
			return errors.New("chunk does not end")
		}
		r.Body = append(r.Body, rest[:n]...)
		body = rest[n+2:]
	}
	text, ok := strings.CutSuffix(string(body), "\r\n")
	if !ok {
		return errors.New("trailers do not end")
	}
	text, _ = strings.CutSuffix(text, "\r\n")
	if text == "" {
		return nil
	}
	trailers, err := parseLines(strings.Split(text, "\r\n"))
	r.Trailers = trailers
	return err
}
