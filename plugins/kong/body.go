package kong

import (
	"bufio"
	"errors"
	"io"
	"os"
	"sync"
)

// blockBytes is how much of a body is judged at a time, the step at which the
// engine renews its verdict.
const blockBytes = 32 << 10

// rawBody is the reply to get_raw_body: the bytes, or the path of the file into
// which nginx wrote them, which lives as long as the request.
type rawBody struct {
	content []byte
	path    string
	// excess is how many bytes of content were not kept.
	excess int64
}

var errBody = errors.New("no body in the reply")

// readBody reads the next frame as a RawBodyResult. At most max bytes of a
// content are kept, in buf if they fit. Kong sends no more than its
// client_body_buffer_size in band, 8 KiB by default.
func readBody(r *bufio.Reader, buf []byte, max int64) (rawBody, []byte, error) {
	n, err := readLength(r)
	if err != nil {
		return rawBody{}, buf, err
	}
	keep := int(min(int64(n), max+16))
	buf, err = readPayload(r, buf[:0], keep)
	if err != nil {
		return rawBody{}, buf, err
	}
	if err := skip(r, n-keep); err != nil {
		return rawBody{}, buf, err
	}
	b, ok := parseBody(buf, n-keep)
	if !ok {
		return rawBody{}, buf, errBody
	}
	if over := int64(len(b.content)) - max; over > 0 {
		b.content, b.excess = b.content[:max], b.excess+over
	}
	return b, buf, nil
}

// parseBody decodes a RawBodyResult of which the last missing bytes were cut
// off. The empty message is the empty body; an error in it is not ok.
func parseBody(p []byte, missing int) (b rawBody, ok bool) {
	if len(p) == 0 {
		return b, true
	}
	head := message(p[:min(len(p), 16)])
	tag, rest, ok := head.varint()
	if !ok {
		return b, false
	}
	n, rest, ok := rest.varint()
	if !ok {
		return b, false
	}
	value := p[len(head)-len(rest):]
	if n != uint64(len(value)+missing) {
		return b, false // more than one field, or less than one
	}
	switch {
	case tag == 1<<3|kindBytes:
		b.content, b.excess = value, int64(missing)
	case tag == 2<<3|kindBytes && missing == 0 && n > 0:
		b.path = string(value)
	default:
		return b, false
	}
	return b, true
}

var blocks = sync.Pool{New: func() any { b := make([]byte, blockBytes); return &b }}

// each hands the body over in blocks until use returns false or max bytes are
// through. left is how many bytes of it were beyond max.
func (b *rawBody) each(max int64, use func([]byte) bool) (left int64, err error) {
	if b.path == "" {
		for rest := b.content; len(rest) > 0; {
			n := min(len(rest), blockBytes)
			if !use(rest[:n]) {
				return 0, nil
			}
			rest = rest[n:]
		}
		return b.excess, nil
	}
	f, err := os.Open(b.path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() {
		return 0, errBody
	}
	block, _ := blocks.Get().(*[]byte)
	defer blocks.Put(block)
	for through := int64(0); through < max; {
		n, err := io.ReadFull(f, (*block)[:min(blockBytes, max-through)])
		if n > 0 && !use((*block)[:n]) {
			return 0, nil
		}
		through += int64(n)
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
	}
	return info.Size() - max, nil
}

// size is the length of the body, as far as it is known without opening it.
func (b *rawBody) size() int64 {
	if b.path == "" {
		return int64(len(b.content)) + b.excess
	}
	if info, err := os.Stat(b.path); err == nil {
		return info.Size()
	}
	return 0
}
