package policy

import (
	"errors"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	maxNesting = 32
	maxInput   = 8 << 20
)

// reader parses JSON (RFC 8259), strictly.
type reader struct {
	in  []byte
	pos int
}

// Parse reads one JSON value of at most 8 MiB. The error names the byte.
func Parse(in []byte) (*Node, error) {
	if len(in) > maxInput {
		return nil, errors.New("longer than 8 MiB")
	}
	r := &reader{in: in}
	n, err := r.value(0)
	if err == nil {
		r.space()
		if r.pos < len(r.in) {
			err = r.fail("text behind the end")
		}
	}
	if err != nil {
		return nil, err
	}
	return n, nil
}

func (r *reader) fail(what string) error {
	return errors.New("JSON: byte " + strconv.Itoa(r.pos) + ": " + what)
}

func (r *reader) space() {
	for r.pos < len(r.in) && (r.in[r.pos] == ' ' || r.in[r.pos] == '\n' || r.in[r.pos] == '\t' || r.in[r.pos] == '\r') {
		r.pos++
	}
}

// next skips blanks and returns the next byte, 0 at the end.
func (r *reader) next() byte {
	r.space()
	if r.pos < len(r.in) {
		return r.in[r.pos]
	}
	return 0
}

func (r *reader) value(depth int) (*Node, error) {
	if depth > maxNesting {
		return nil, r.fail("nested too deeply")
	}
	c := r.next()
	if c == '{' {
		return r.object(depth)
	}
	if c == '[' {
		return r.list(depth)
	}
	if c == '"' {
		s, err := r.text()
		return &Node{Kind: String, Text: s}, err
	}
	start := r.pos
	for r.pos < len(r.in) && word(r.in[r.pos]) {
		r.pos++
	}
	text := string(r.in[start:r.pos])
	if text == "null" {
		return &Node{}, nil
	}
	if text == "true" || text == "false" {
		return &Node{Kind: Bool, Text: text}, nil
	}
	if _, err := strconv.ParseFloat(text, 64); err != nil || !(c == '-' || c >= '0' && c <= '9') {
		r.pos = start
		return nil, r.fail("no JSON value")
	}
	return &Node{Kind: Number, Text: text}, nil
}

// word says whether c may stand in a number or a literal.
func word(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == 'E' || c == '+' || c == '-' || c == '.'
}

func (r *reader) object(depth int) (*Node, error) {
	n := &Node{Kind: Object}
	seen := map[string]bool{}
	r.pos++
	for r.next() != '}' {
		if len(n.Items) > 0 {
			if r.next() != ',' {
				return nil, r.fail("want , or }")
			}
			r.pos++
		}
		if r.next() != '"' {
			return nil, r.fail("want a key")
		}
		key, err := r.text()
		if err != nil {
			return nil, err
		}
		if seen[key] {
			return nil, r.fail("key " + strconv.Quote(key) + " twice")
		}
		seen[key] = true
		if r.next() != ':' {
			return nil, r.fail("want :")
		}
		r.pos++
		item, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		n.Keys = append(n.Keys, key)
		n.Items = append(n.Items, item)
	}
	r.pos++
	return n, nil
}

func (r *reader) list(depth int) (*Node, error) {
	n := &Node{Kind: List}
	r.pos++
	for r.next() != ']' {
		if len(n.Items) > 0 {
			if r.next() != ',' {
				return nil, r.fail("want , or ]")
			}
			r.pos++
		}
		item, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		n.Items = append(n.Items, item)
	}
	r.pos++
	return n, nil
}

// text reads a string; r.pos is at its quote.
func (r *reader) text() (string, error) {
	var out []byte
	r.pos++
	for r.pos < len(r.in) {
		c := r.in[r.pos]
		r.pos++
		if c == '"' {
			if !utf8.Valid(out) {
				return "", r.fail("not UTF-8")
			}
			return string(out), nil
		}
		if c < ' ' {
			return "", r.fail("control byte in a string")
		}
		if c != '\\' {
			out = append(out, c)
			continue
		}
		if r.pos >= len(r.in) {
			break
		}
		c = r.in[r.pos]
		r.pos++
		switch c {
		case '"', '\\', '/':
			out = append(out, c)
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			u, ok := r.hex()
			if !ok {
				return "", r.fail("bad \\u escape")
			}
			if utf16.IsSurrogate(u) && r.pos+1 < len(r.in) && r.in[r.pos] == '\\' && r.in[r.pos+1] == 'u' {
				r.pos += 2
				low, _ := r.hex()
				u = utf16.DecodeRune(u, low)
			}
			out = utf8.AppendRune(out, u)
		default:
			return "", r.fail("bad escape")
		}
	}
	return "", r.fail("string without end")
}

func (r *reader) hex() (rune, bool) {
	if r.pos+4 > len(r.in) {
		return 0, false
	}
	u, err := strconv.ParseUint(string(r.in[r.pos:r.pos+4]), 16, 32)
	r.pos += 4
	return rune(u), err == nil
}
