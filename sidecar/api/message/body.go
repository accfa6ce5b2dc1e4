package message

import (
	"bufio"
	"bytes"
	"io"
	"strconv"
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// Framing says how the body of a message is delimited.
type Framing int

// The framings.
const (
	// FramingAuto follows the message: chunks if Transfer-Encoding says so and
	// the bytes are chunks, else everything to the end.
	FramingAuto Framing = iota
	// FramingNone takes everything to the end, whatever the headers say: for
	// callers that have the body's bytes and not the connection's.
	FramingNone
)

// Body reads the body of a message with its framing removed. A wrong framing
// hides nothing: from the first thing that is no chunk, and behind the length
// that was announced, the bytes are taken as they are.
type Body struct {
	r       *bufio.Reader
	chunked bool
	left    int    // of the current chunk
	inside  bool   // of a chunk: its line end is still to come
	pending []byte // a line that turned out to be no chunk size
	length  int64  // announced, -1 if not
	read    int64
	ended   bool

	// The following hold once Read has returned io.EOF.

	// Trailers are the fields behind the last chunk.
	Trailers []core.Header
	// Truncated says that the message announced more than there was.
	Truncated bool
	// Missing is how much more, 0 if that is not known.
	Missing int64
	// Extra counts the bytes behind the trailers, which belong to no part of
	// the message and were not returned.
	Extra int64
}

// NewBody returns the body that follows a head in r.
func NewBody(r *bufio.Reader, h *Head, f Framing) *Body {
	b := &Body{r: r, length: -1}
	for i := range h.Headers {
		switch strings.ToLower(h.Headers[i].Name) {
		case "content-length":
			if n, err := strconv.ParseInt(h.Headers[i].Value, 10, 64); err == nil && n >= 0 && b.length < 0 {
				b.length = n
			}
		case "transfer-encoding":
			b.chunked = b.chunked || f == FramingAuto && strings.Contains(strings.ToLower(h.Headers[i].Value), "chunked")
		}
	}
	return b
}

// Read implements io.Reader. Its errors are those of the underlying reader; an
// end that comes too early is io.EOF with Truncated.
func (b *Body) Read(p []byte) (int, error) {
	for !b.ended && len(p) > 0 {
		if len(b.pending) > 0 {
			n := copy(p, b.pending)
			b.pending = b.pending[n:]
			return n, nil
		}
		if b.chunked && b.left == 0 {
			if err := b.nextChunk(); err != nil {
				return 0, err
			}
			continue
		}
		if b.chunked {
			p = p[:min(len(p), b.left)]
		}
		n, err := b.r.Read(p)
		b.read += int64(n)
		if b.chunked {
			b.left -= n
		}
		if err == io.EOF {
			b.end()
		} else if err != nil || n > 0 {
			return n, err
		}
		if n > 0 {
			return n, nil
		}
	}
	if b.ended {
		return 0, io.EOF
	}
	return 0, nil
}

// end settles what the end of the input means.
func (b *Body) end() {
	b.ended = true
	if b.chunked {
		b.Truncated, b.Missing = true, int64(b.left)
		return
	}
	if b.length > b.read {
		b.Truncated, b.Missing = true, b.length-b.read
	}
}

// nextChunk reads the size of the next chunk, or ends the chunks.
func (b *Body) nextChunk() error {
	line, err := b.r.ReadSlice('\n')
	text := bytes.TrimSpace(line)
	if b.inside && len(text) == 0 && err == nil {
		b.inside = false
		return nil
	}
	if err == io.EOF && len(line) == 0 {
		b.end()
		return nil
	}
	if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
		return err
	}
	size, ok := chunkSize(text)
	if !ok || err == bufio.ErrBufferFull {
		// Not a chunk: this line and what follows are the body's own bytes.
		b.chunked, b.length = false, -1
		b.pending = bytes.Clone(line)
		return nil
	}
	b.left, b.inside = size, true
	if size == 0 {
		return b.finish()
	}
	return nil
}

// finish reads the trailers and counts what lies behind them.
func (b *Body) finish() error {
	b.ended = true
	left := MaxHead
	var err error
	b.Trailers, err = readFields(b.r, &left)
	if err == nil || err == ErrLongHead {
		b.Extra, err = io.Copy(io.Discard, b.r)
	}
	if err == io.EOF {
		err = nil
	}
	return err
}

// chunkSize reads the size of a chunk; its extensions are ignored (RFC 9112,
// section 7.1).
func chunkSize(line []byte) (int, bool) {
	digits, _, _ := bytes.Cut(line, []byte{';'})
	n, err := strconv.ParseUint(string(bytes.TrimSpace(digits)), 16, 31)
	return int(n), err == nil
}
