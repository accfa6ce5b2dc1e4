package request

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// ErrTooLong is the error of a record longer than MaxRecord.
var ErrTooLong = errors.New("record is longer than 64 MiB")

// lineReader reads lines and counts them. Memory is bounded by MaxRecord.
type lineReader struct {
	br *bufio.Reader
	// number is the line number, from 1, of the line last returned.
	number int
	buf    []byte
	// inLine says that the last piece did not end its line.
	inLine bool
}

// next returns the next line with its line end, valid until the next call.
// The last line may lack the line end. A line longer than MaxRecord is
// consumed to its end and reported as ErrTooLong; the reader stays usable.
func (l *lineReader) next() ([]byte, error) {
	l.buf = l.buf[:0]
	tooLong := false
	for {
		part, err := l.br.ReadSlice('\n')
		if len(l.buf)+len(part) > MaxRecord {
			tooLong = true
			l.buf = l.buf[:0]
		}
		if err == nil && len(l.buf) == 0 && !tooLong {
			l.number++
			return part, nil
		}
		if !tooLong {
			l.buf = append(l.buf, part...)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil && (err != io.EOF || len(l.buf) == 0 && !tooLong) {
			return nil, err
		}
		l.number++
		if tooLong {
			return nil, ErrTooLong
		}
		return l.buf, nil
	}
}

// take appends up to n bytes to dst, counting the lines in them.
func (l *lineReader) take(dst []byte, n int) ([]byte, error) {
	for n > 0 {
		if l.br.Buffered() == 0 {
			if _, err := l.br.Peek(1); err != nil {
				return dst, err
			}
		}
		part, _ := l.br.Peek(min(n, l.br.Buffered()))
		dst = append(dst, part...)
		l.number += bytes.Count(part, []byte{'\n'})
		n -= len(part)
		if _, err := l.br.Discard(len(part)); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// trimEnd removes the line end.
func trimEnd(line []byte) []byte {
	line = bytes.TrimSuffix(line, []byte{'\n'})
	return bytes.TrimSuffix(line, []byte{'\r'})
}
