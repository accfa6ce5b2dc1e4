package message

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// MaxHead is the longest request line and header section, in bytes. The engine
// looks at 64 KiB of it by default.
const MaxHead = 256 << 10

// The errors of ReadHead.
var (
	// ErrNoRequest: there is no request line.
	ErrNoRequest = errors.New("no request line")
	// ErrLongHead: request line and headers are longer than MaxHead.
	ErrLongHead = errors.New("request line and headers longer than " + strconv.Itoa(MaxHead) + " bytes")
)

// Head is a request line with its header lines, raw: no value is decoded, no
// name changed, duplicates stay separate and in order.
type Head struct {
	Method, URI string
	Headers     []core.Header
}

// Get returns the value of the first header with that name, whatever its case.
func (h *Head) Get(name string) string {
	for i := range h.Headers {
		if strings.EqualFold(h.Headers[i].Name, name) {
			return h.Headers[i].Value
		}
	}
	return ""
}

// ReadHead reads up to and with the empty line (RFC 9112, section 2.2: empty
// lines before the request line are skipped, a lone LF ends a line).
func ReadHead(r *bufio.Reader) (Head, error) {
	left := MaxHead
	line, err := readLine(r, &left)
	for err == nil && len(bytes.TrimSpace(line)) == 0 {
		line, err = readLine(r, &left)
	}
	if err == io.EOF && len(bytes.TrimSpace(line)) == 0 {
		return Head{}, ErrNoRequest
	}
	if err != nil && err != io.EOF {
		return Head{}, err
	}
	var h Head
	h.Method, h.URI = splitRequestLine(string(line))
	if h.Method == "" || h.URI == "" {
		return Head{}, ErrNoRequest
	}
	if err == nil {
		h.Headers, err = readFields(r, &left)
	}
	if err == io.EOF {
		err = nil
	}
	return h, err
}

// splitRequestLine takes the method before the first blank and the version, if
// there is one, after the last; what is between is the target, blanks included.
func splitRequestLine(line string) (method, target string) {
	method, target, _ = strings.Cut(strings.Trim(line, " \t"), " ")
	target = strings.Trim(target, " \t")
	if i := strings.LastIndexByte(target, ' '); i >= 0 && strings.HasPrefix(target[i+1:], "HTTP/") {
		target = strings.TrimRight(target[:i], " \t")
	}
	return method, target
}

// readFields reads field lines up to the empty line. A line without a colon is
// a field without a value, a folded line continues the one before.
func readFields(r *bufio.Reader, left *int) ([]core.Header, error) {
	var fields []core.Header
	for {
		line, err := readLine(r, left)
		if len(line) == 0 || (err != nil && err != io.EOF) {
			return fields, err
		}
		text := string(line)
		if last := len(fields) - 1; last >= 0 && (text[0] == ' ' || text[0] == '\t') {
			fields[last].Value += " " + strings.Trim(text, " \t")
		} else {
			name, value, _ := strings.Cut(text, ":")
			fields = append(fields, core.Header{Name: strings.Trim(name, " \t"), Value: strings.Trim(value, " \t")})
		}
		if err != nil {
			return fields, err
		}
	}
}

// readLine reads a line without its end; left is what the head may still have.
func readLine(r *bufio.Reader, left *int) ([]byte, error) {
	var whole []byte
	for {
		piece, err := r.ReadSlice('\n')
		if *left -= len(piece); *left < 0 {
			return nil, ErrLongHead
		}
		if err == bufio.ErrBufferFull {
			whole = append(whole, piece...)
			continue
		}
		if whole != nil {
			piece = append(whole, piece...)
		}
		return bytes.TrimSuffix(bytes.TrimSuffix(piece, []byte{'\n'}), []byte{'\r'}), err
	}
}
