package request

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"strings"
	"unicode/utf8"
)

// splitCurl yields one frame a command: lines are joined while a quote is
// open or the line ends in a backslash. Blank lines and comments are skipped.
func splitCurl(l *lineReader) iter.Seq[Frame] {
	return func(yield func(Frame) bool) {
		var f Frame
		var state shellState
		for {
			line, err := l.next()
			if err != nil {
				if len(f.Data) > 0 && !yield(f) {
					return
				}
				f, state = Frame{}, shellState{}
				if err == ErrTooLong && yield(Frame{Line: l.number, Err: err}) {
					continue
				}
				if err != io.EOF && err != ErrTooLong {
					yield(Frame{Line: l.number + 1, Err: err})
				}
				return
			}
			if len(f.Data) == 0 {
				text := bytes.TrimSpace(line)
				if len(text) == 0 || text[0] == '#' {
					continue
				}
				f.Line = l.number
			}
			if len(f.Data)+len(line) > MaxRecord {
				if !yield(Frame{Line: f.Line, Err: ErrTooLong}) {
					return
				}
				f, state = Frame{}, shellState{}
				continue
			}
			f.Data = append(f.Data, line...)
			if state.scan(line); state.open() {
				continue
			}
			if !yield(f) {
				return
			}
			f, state = Frame{}, shellState{}
		}
	}
}

// shellState follows quoting through the lines of a command.
type shellState struct {
	// quote is the open quote: ' or " or $ (for $'…') or 0.
	quote byte
	// escaped: the previous byte was a backslash that escapes.
	escaped bool
	// last is the previous byte.
	last byte
}

// scan takes in one line with its line end.
func (s *shellState) scan(line []byte) {
	s.escaped = false
	for i, c := range trimEnd(line) {
		switch {
		case s.escaped:
			s.escaped = false
			c = 0
		case c == '\\' && s.quote != '\'':
			s.escaped = true
		case s.quote == 0 && c == '\'' && s.last == '$':
			s.quote = '$'
		case s.quote == 0 && (c == '\'' || c == '"'):
			s.quote = c
		case s.quote == c && c != '$', s.quote == '$' && c == '\'':
			s.quote = 0
		case s.quote == 0 && c == '#' && (i == 0 || bytes.IndexByte([]byte(" \t;|&"), s.last) >= 0):
			return // a comment: its quotes are none
		}
		s.last = c
	}
}

// open says whether the command goes on in the next line.
func (s *shellState) open() bool { return s.quote != 0 || s.escaped }

// errUnclosed is the error of a command whose last quote is not closed.
var errUnclosed = errors.New("a quote is not closed")

// shellWords splits the first command of cmd into words as a POSIX shell with
// $'…' does, without expanding anything: variables and substitutions stay as
// they are written. A command ends at an unquoted ; | & or line end, or at a
// comment; rest is what follows.
func shellWords(cmd string) (words []string, rest string, err error) {
	var w strings.Builder
	inWord := false
	flush := func() {
		if inWord {
			words = append(words, w.String())
			w.Reset()
			inWord = false
		}
	}
	for i := 0; i < len(cmd); i++ {
		c := cmd[i]
		switch {
		case c == '\\':
			i++
			if strings.HasPrefix(cmd[i:], "\r\n") {
				i++ // a continued line, with the line end of another system
			} else if i < len(cmd) && cmd[i] != '\n' {
				w.WriteByte(cmd[i])
				inWord = true
			}
		case c == '\'':
			inWord = true
			text, _, _ := strings.Cut(cmd[i+1:], "'")
			w.WriteString(text)
			i += len(text) + 1
			err = unclosed(cmd, i)
		case c == '"':
			inWord = true
			i = doubleQuoted(&w, cmd, i+1)
			err = unclosed(cmd, i)
		case c == '$' && strings.HasPrefix(cmd[i+1:], "'"):
			inWord = true
			i = ansiQuoted(&w, cmd, i+2)
			err = unclosed(cmd, i)
		case c == ' ' || c == '\t' || c == '\r':
			flush()
		case c == '#' && !inWord:
			flush()
			_, rest, _ = strings.Cut(cmd[i:], "\n")
			return words, rest, err
		case c == '\n' || c == ';' || c == '|' || c == '&':
			flush()
			return words, cmd[i+1:], err
		default:
			inWord = true
			w.WriteByte(c)
		}
	}
	flush()
	return words, "", err
}

// unclosed is the error for a quote that should be closed at index i.
func unclosed(cmd string, i int) error {
	if i >= len(cmd) {
		return errUnclosed
	}
	return nil
}

// doubleQuoted copies up to the closing quote and returns its index.
func doubleQuoted(w *strings.Builder, cmd string, i int) int {
	for ; i < len(cmd) && cmd[i] != '"'; i++ {
		if cmd[i] == '\\' && i+1 < len(cmd) {
			if strings.HasPrefix(cmd[i+1:], "\r\n") {
				i += 2
				continue
			}
			if i++; cmd[i] == '\n' {
				continue
			}
			if !strings.ContainsRune("\"\\$`", rune(cmd[i])) {
				w.WriteByte('\\')
			}
		}
		w.WriteByte(cmd[i])
	}
	return i
}

// ansiQuoted copies up to the closing quote of $'…', undoing the escapes of
// bash, and returns its index.
func ansiQuoted(w *strings.Builder, cmd string, i int) int {
	for ; i < len(cmd) && cmd[i] != '\''; i++ {
		if cmd[i] != '\\' || i+1 == len(cmd) {
			w.WriteByte(cmd[i])
			continue
		}
		i++
		switch c := cmd[i]; c {
		case 'x':
			n, value := digits(cmd[i+1:], 2, 16)
			if n == 0 {
				w.WriteString(`\x`)
			} else {
				w.WriteByte(byte(value))
			}
			i += n
		case 'u', 'U':
			n, value := digits(cmd[i+1:], map[byte]int{'u': 4, 'U': 8}[c], 16)
			if n == 0 {
				w.WriteString(cmd[i-1 : i+1])
			} else {
				var buf [utf8.UTFMax]byte
				w.Write(buf[:utf8.EncodeRune(buf[:], rune(value))])
			}
			i += n
		case '0', '1', '2', '3', '4', '5', '6', '7':
			n, value := digits(cmd[i:], 3, 8)
			w.WriteByte(byte(value))
			i += n - 1
		default:
			if k := strings.IndexByte(`abeEfnrtv`, c); k >= 0 {
				w.WriteByte("\a\b\x1b\x1b\f\n\r\t\v"[k])
			} else if strings.IndexByte(`\'"?`, c) >= 0 {
				w.WriteByte(c)
			} else {
				w.WriteString(cmd[i-1 : i+1])
			}
		}
	}
	return i
}

// digits reads up to limit digits of a base and returns how many there were.
func digits(s string, limit, base int) (n, value int) {
	for n < len(s) && n < limit {
		d := unhex(s[n])
		if d < 0 || d >= base {
			break
		}
		value = value*base + d
		n++
	}
	return n, value
}
