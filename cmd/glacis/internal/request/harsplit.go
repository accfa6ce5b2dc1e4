package request

import (
	"errors"
	"io"
	"iter"
)

// errNoEntries is the error of a HAR in which no entry was found.
var errNoEntries = errors.New(`not a HAR: no "entries" array was found`)

// harSplitter cuts the elements out of the first array called "entries" by
// looking at brackets and strings only. It keeps one entry in memory (entries
// hold whole responses, files hold thousands of entries), survives an entry
// that is not valid JSON, and does not recurse.
type harSplitter struct {
	lines *lineReader
	// line is the current line: lines.number counts what was read ahead.
	line int
	// data and pos are the line under the cursor.
	data []byte
	pos  int
	err  error
}

// splitHAR yields one frame an entry.
func splitHAR(l *lineReader) iter.Seq[Frame] {
	return func(yield func(Frame) bool) {
		s := &harSplitter{lines: l}
		if !s.findEntries() {
			// An empty input is no error: there is nothing in it.
			if s.line > 0 || s.err != io.EOF {
				yield(Frame{Line: max(s.line, 1), Err: s.failure(errNoEntries)})
			}
			return
		}
		for {
			frame, ok := s.entry()
			if !ok || !yield(frame) {
				return
			}
			if frame.Err != nil && s.err != nil {
				return
			}
		}
	}
}

// failure is the read error or, at the end of input, what that means.
func (s *harSplitter) failure(atEnd error) error {
	if s.err == nil || s.err == io.EOF {
		return atEnd
	}
	return s.err
}

// next returns the next byte; ok is false at the end of input or on an error.
func (s *harSplitter) next() (c byte, ok bool) {
	for s.pos == len(s.data) {
		if s.err != nil {
			return 0, false
		}
		s.pos = 0
		s.data, s.err = s.lines.piece()
		s.line = s.lines.number
		if s.err != nil && len(s.data) == 0 {
			return 0, false
		}
	}
	c = s.data[s.pos]
	s.pos++
	return c, true
}

// findEntries moves behind the '[' of "entries": [.
func (s *harSplitter) findEntries() bool {
	const name = "entries"
	matched := -1     // bytes of name matched in the current string; -1: no string
	afterKey := false // the last token was the string "entries", perhaps with ':'
	for {
		c, ok := s.next()
		switch {
		case !ok:
			return false
		case matched >= 0: // inside a string
			switch {
			case c == '"':
				afterKey = matched == len(name)
				matched = -1
			case c == '\\':
				if _, ok := s.next(); !ok {
					return false
				}
				matched = len(name) + 1
			case matched < len(name) && c == name[matched]:
				matched++
			default:
				matched = len(name) + 1
			}
		case c == '"':
			matched, afterKey = 0, false
		case c == '[' && afterKey:
			return true
		case c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != ':':
			afterKey = false
		}
	}
}

// entry returns the next element; ok is false behind the last one.
func (s *harSplitter) entry() (f Frame, ok bool) {
	var c byte
	for {
		if c, ok = s.next(); !ok {
			return Frame{Line: s.line, Err: s.failure(io.ErrUnexpectedEOF)}, true
		}
		if c == ']' {
			return f, false
		}
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != ',' {
			break
		}
	}
	f.Line = s.line
	depth, inString, tooLong := 0, false, false
	for {
		if len(f.Data) < MaxRecord {
			f.Data = append(f.Data, c)
		} else {
			tooLong = true
		}
		switch {
		case inString && c == '\\':
			if c, ok = s.next(); ok {
				f.Data = append(f.Data, c)
			}
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
		if depth <= 0 && !inString {
			// Anything but an object ends at the next separator.
			if c == '}' || s.atSeparator() {
				break
			}
		}
		if c, ok = s.next(); !ok {
			return Frame{Line: f.Line, Err: s.failure(io.ErrUnexpectedEOF)}, true
		}
	}
	if tooLong {
		return Frame{Line: f.Line, Err: ErrTooLong}, true
	}
	return f, true
}

// atSeparator says whether a comma or the array's end comes next.
func (s *harSplitter) atSeparator() bool {
	return s.pos < len(s.data) && (s.data[s.pos] == ',' || s.data[s.pos] == ']' || s.data[s.pos] == '\n')
}

// piece returns some input, at most up to the end of the current line, valid
// until the next call. Unlike next it never gathers a long line. number is the
// line of the piece.
func (l *lineReader) piece() ([]byte, error) {
	part, err := l.br.ReadSlice('\n')
	if len(part) == 0 {
		return nil, err
	}
	if !l.inLine {
		l.number++
	}
	l.inLine = part[len(part)-1] != '\n'
	return part, nil // a failure shows up again on the next call
}
