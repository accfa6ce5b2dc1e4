package request

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
)

var errNoRequestLine = errors.New("no request line")

// splitRaw yields one frame an HTTP/1 message. A message's body ends after
// Content-Length bytes or the last chunk; whatever follows up to the next
// request line still belongs to it, so that a wrong length hides nothing.
func splitRaw(l *lineReader) iter.Seq[Frame] {
	return func(yield func(Frame) bool) {
		s := rawSplitter{lines: l}
		for {
			frame, ok := s.message()
			if ok && !yield(frame) {
				return
			}
			if s.err != nil {
				if s.err != io.EOF {
					yield(Frame{Line: l.number + 1, Err: s.err})
				}
				return
			}
		}
	}
}

// rawSplitter holds the message being read.
type rawSplitter struct {
	lines *lineReader
	// data is the message so far, at most MaxRecord bytes.
	data []byte
	// tooLong says that data was dropped because there was more.
	tooLong bool
	// ahead is the request line of the next message, once found.
	ahead []byte
	// err is the read error; io.EOF at the end.
	err error
}

// line reads a line; ok is false at the end of input or on an error. A line of
// more than MaxRecord bytes makes the message too long and reads as nil.
func (s *rawSplitter) line() (line []byte, ok bool) {
	line, err := s.lines.next()
	if err == ErrTooLong {
		s.tooLong = true
		return nil, true
	}
	s.err = err
	return line, err == nil
}

func (s *rawSplitter) add(b []byte) {
	if len(s.data)+len(b) > MaxRecord {
		s.tooLong = true
		s.data = nil
	}
	if !s.tooLong {
		s.data = append(s.data, b...)
	}
}

// message reads one message and everything behind it up to the next one; ok is
// false when there is none.
func (s *rawSplitter) message() (f Frame, ok bool) {
	line := s.ahead
	s.data, s.tooLong, s.ahead = nil, false, nil
	for !s.tooLong && len(bytes.TrimSpace(line)) == 0 {
		if line, ok = s.line(); !ok {
			return f, false
		}
	}
	f.Line = s.lines.number
	if text := string(trimEnd(line)); !s.tooLong && !startsMessage(text) {
		f.Err = errNoRequestLine // reported once, not for every line of it
		s.rest()
		return f, true
	}
	s.add(line)
	s.body(s.head())
	if s.err == nil && s.ahead == nil {
		s.rest()
	}
	if s.tooLong {
		f.Err = ErrTooLong
		return f, true
	}
	f.Data = s.data
	return f, true
}

// startsMessage says whether the first line of a message may be one: method,
// target and version; or, without a version, method and a target that looks
// like a path or URL.
func startsMessage(line string) bool {
	if requestLine.MatchString(line) {
		return true
	}
	method, target, ok := strings.Cut(strings.TrimSpace(line), " ")
	return ok && method != "" && !strings.Contains(target, " ") &&
		(strings.HasPrefix(target, "/") || strings.Contains(target, "://") || target == "*")
}

// head reads the header lines and returns what they say about the body's
// length: -1 without Content-Length.
func (s *rawSplitter) head() (length int, chunked bool) {
	length = -1
	for {
		line, ok := s.line()
		if !ok {
			return length, chunked
		}
		s.add(line)
		text := string(trimEnd(line))
		if text == "" {
			return length, chunked
		}
		name, value, _ := strings.Cut(text, ":")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "content-length":
			if n, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && n >= 0 && length < 0 {
				length = n
			}
		case "transfer-encoding":
			chunked = chunked || strings.Contains(strings.ToLower(value), "chunked")
		}
	}
}

// body reads the body. A length beyond MaxRecord is not believed.
func (s *rawSplitter) body(length int, chunked bool) {
	switch {
	case s.err != nil:
	case chunked:
		s.chunks()
	case length > 0 && length <= MaxRecord-len(s.data):
		s.data, s.err = s.lines.take(s.data, length)
	}
}

// chunks reads chunks, sizes and all, up to the last one or to a size that is
// none. The trailers are left to rest.
func (s *rawSplitter) chunks() {
	for !s.tooLong {
		line, ok := s.more()
		if !ok {
			return
		}
		s.add(line)
		size, ok := chunkSize(line)
		if !ok || size == 0 || size > MaxRecord-len(s.data) {
			return
		}
		if s.data, s.err = s.lines.take(s.data, size); s.err != nil {
			return
		}
		if line, ok = s.line(); !ok {
			return
		}
		s.add(line)
	}
}

// more returns the next line if it is not yet that of the next request, which
// it puts aside.
func (s *rawSplitter) more() ([]byte, bool) {
	line, ok := s.line()
	if ok && requestLine.Match(line) {
		s.ahead = bytes.Clone(line)
		return nil, false
	}
	return line, ok
}

// rest adds the lines before the next request line.
func (s *rawSplitter) rest() {
	for {
		line, ok := s.more()
		if !ok {
			return
		}
		s.add(line)
	}
}

// chunkSize reads the size line of a chunk (RFC 9112, section 7.1).
func chunkSize(line []byte) (int, bool) {
	text, _, _ := bytes.Cut(trimEnd(line), []byte{';'})
	n, err := strconv.ParseUint(string(bytes.TrimSpace(text)), 16, 31)
	return int(n), err == nil
}
