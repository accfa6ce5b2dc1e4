package kong

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// The bounds on what is read from Kong. None is reached by a Kong with sane
// buffers; they are there so that no length prefix decides about memory.
const (
	// maxCommand bounds a command: a plugin configuration.
	maxCommand = 1 << 20
	// maxReply bounds all replies about a request's head together.
	maxReply = 16 << 20
)

var errFrameTooLong = errors.New("frame is longer than allowed")

// A frame is a length of four bytes, the least significant first, and as many
// bytes of payload.

// readLength reads the length of the next frame.
func readLength(r *bufio.Reader) (int, error) {
	head, err := r.Peek(4)
	if err != nil {
		if len(head) > 0 && err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return 0, err
	}
	n := binary.LittleEndian.Uint32(head)
	_, err = r.Discard(4)
	return int(n), err
}

// readFrame appends the payload of the next frame to dst. A frame that would
// make dst longer than limit is errFrameTooLong, and then its length is read.
func readFrame(r *bufio.Reader, dst []byte, limit int) ([]byte, error) {
	n, err := readLength(r)
	if err != nil {
		return dst, err
	}
	if n > limit-len(dst) {
		return dst, errFrameTooLong
	}
	return readPayload(r, dst, n)
}

// readPayload appends n bytes to dst. Memory grows with what arrives, not with
// what was announced.
func readPayload(r *bufio.Reader, dst []byte, n int) ([]byte, error) {
	const step = 64 << 10
	for n > 0 {
		k := min(n, step)
		at := len(dst)
		dst = grow(dst, k)
		if _, err := io.ReadFull(r, dst[at:]); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return dst[:at], err
		}
		n -= k
	}
	return dst, nil
}

func grow(b []byte, n int) []byte {
	if len(b)+n <= cap(b) {
		return b[:len(b)+n]
	}
	return append(b, make([]byte, n)...)
}

// skip discards n bytes.
func skip(r *bufio.Reader, n int) error {
	_, err := io.CopyN(io.Discard, r, int64(n))
	return err
}

// skipFrames discards whole frames.
func skipFrames(r *bufio.Reader, frames int) error {
	for ; frames > 0; frames-- {
		n, err := readLength(r)
		if err != nil {
			return err
		}
		if err := skip(r, n); err != nil {
			return err
		}
	}
	return nil
}

// appendFrame appends a frame with the payload.
func appendFrame[T ~string | ~[]byte](dst []byte, payload T) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(payload)))
	return append(dst, payload...)
}

// appendCall appends the two frames of a PDK call.
func appendCall(dst []byte, method string, argument []byte) []byte {
	return appendFrame(appendFrame(dst, method), argument)
}
