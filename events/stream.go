package events

import (
	"context"
	"io"
)

// streamSink writes lines to a writer that it does not own.
type streamSink struct {
	w      io.Writer
	format Format
	buf    []byte
}

// Write implements Sink: one call of the writer for a batch.
func (s *streamSink) Write(_ context.Context, batch []Record) (int, error) {
	buf, n, bad := appendLines(s.buf[:0], s.format, batch)
	s.buf = buf
	if len(buf) > 0 {
		if _, err := s.w.Write(buf); err != nil {
			// Nobody knows how much of it was taken, and a closed stream stays so.
			return 0, Permanent(err, max(n, 1))
		}
	}
	return n, bad
}

// Close implements Sink.
func (*streamSink) Close() error { return nil }

// appendLines formats the records of a batch up to the first that cannot be
// formatted, and says how many those are.
func appendLines(dst []byte, f Format, batch []Record) ([]byte, int, error) {
	for i, r := range batch {
		next, err := f.Append(dst, r)
		if err != nil {
			return dst, i, err
		}
		dst = append(next, '\n')
	}
	return dst, len(batch), nil
}
