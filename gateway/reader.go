package gateway

import (
	"errors"
	"strconv"
	"unicode/utf8"
)

// reader reads one JSON object strictly (RFC 8259) without encoding/json, which
// would double the size of a WebAssembly guest. Nested values are checked for
// their brackets and strings and handed on as they are written.
type reader struct {
	data []byte
	pos  int
}

// fail makes an error of the place where it is.
func (r *reader) fail(at int, what string) error {
	line, column := 1, 1
	for i := 0; i < at && i < len(r.data); i++ {
		column++
		if r.data[i] == '\n' {
			line++
			column = 1
		}
	}
	return errors.New(strconv.Itoa(line) + ":" + strconv.Itoa(column) + ": " + what)
}

func (r *reader) blanks() {
	for r.pos < len(r.data) {
		c := r.data[r.pos]
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return
		}
		r.pos++
	}
}

// take skips blanks and then c, if that is next.
func (r *reader) take(c byte) bool {
	r.blanks()
	if r.pos < len(r.data) && r.data[r.pos] == c {
		r.pos++
		return true
	}
	return false
}

// object calls member for each member of the object that is all of the data.
// at is where the key stands; kind is the first byte of the value as written:
// '"', 'n' of null, 't', 'f', a digit or '-', '{' or '['.
func (r *reader) object(member func(at int, key, value string, kind byte) error) error {
	r.blanks()
	if r.pos == len(r.data) {
		return nil
	}
	if !r.take('{') {
		return r.fail(r.pos, "want a JSON object: {")
	}
	done := r.take('}')
	for !done {
		r.blanks()
		at := r.pos
		key, err := r.text()
		if err != nil {
			return err
		}
		if !r.take(':') {
			return r.fail(r.pos, "want a : after the key "+strconv.Quote(clip(key)))
		}
		value, kind, err := r.value()
		if err != nil {
			return err
		}
		if err := member(at, key, value, kind); err != nil {
			return err
		}
		if !r.take(',') {
			if !r.take('}') {
				return r.fail(r.pos, "want , or } after the value of "+strconv.Quote(clip(key)))
			}
			done = true
		}
	}
	r.blanks()
	if r.pos < len(r.data) {
		return r.fail(r.pos, "something stands after the object")
	}
	return nil
}

// value reads a value: a string without its quotes, anything else as written.
func (r *reader) value() (string, byte, error) {
	r.blanks()
	if r.pos == len(r.data) {
		return "", 0, r.fail(r.pos, "the text ends where a value should be")
	}
	kind := r.data[r.pos]
	if kind == '"' {
		s, err := r.text()
		return s, kind, err
	}
	start := r.pos
	if kind == '{' || kind == '[' {
		err := r.nested()
		return string(r.data[start:r.pos]), kind, err
	}
	for r.pos < len(r.data) && plain(r.data[r.pos]) {
		r.pos++
	}
	word := string(r.data[start:r.pos])
	if word != "null" && word != "true" && word != "false" && !number(word) {
		return "", 0, r.fail(start, "want a value: a string, a number, true or false")
	}
	return word, kind, nil
}

// plain tells the bytes of numbers and of the three words.
func plain(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == '-' || c == '+' || c == '.' || c == 'E'
}

// number tells whether word is a number of JSON: no leading zero, digits on both
// sides of the point.
func number(word string) bool {
	if len(word) > 0 && word[0] == '-' {
		word = word[1:]
	}
	n := digits(word)
	if n == 0 || n > 1 && word[0] == '0' {
		return false
	}
	word = word[n:]
	if len(word) > 0 && word[0] == '.' {
		n = digits(word[1:])
		if n == 0 {
			return false
		}
		word = word[1+n:]
	}
	if len(word) > 0 && word[0]|0x20 == 'e' {
		word = word[1:]
		if len(word) > 0 && (word[0] == '+' || word[0] == '-') {
			word = word[1:]
		}
		n = digits(word)
		return n > 0 && n == len(word)
	}
	return word == ""
}

// digits counts the digits that s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// nested skips an object or array. It keeps a stack of at most 64 brackets and
// does not recurse.
func (r *reader) nested() error {
	start := r.pos
	var open [64]byte
	depth := 0
	for r.pos < len(r.data) {
		c := r.data[r.pos]
		if c == '"' {
			if _, err := r.text(); err != nil {
				return err
			}
			continue
		}
		r.pos++
		if c == '{' || c == '[' {
			if depth == len(open) {
				return r.fail(start, "nested more than 64 deep")
			}
			open[depth] = c + 2 // the closing bracket: both are two further on
			depth++
		} else if c == '}' || c == ']' {
			if open[depth-1] != c {
				return r.fail(r.pos-1, "a bracket that closes nothing")
			}
			depth--
			if depth == 0 {
				return nil
			}
		}
	}
	return r.fail(start, "a bracket that is never closed")
}

// text reads a string.
func (r *reader) text() (string, error) {
	start := r.pos
	if !r.take('"') {
		return "", r.fail(r.pos, `want a string: "`)
	}
	from := r.pos
	var out []byte
	for r.pos < len(r.data) {
		c := r.data[r.pos]
		if c == '"' {
			out = append(out, r.data[from:r.pos]...)
			r.pos++
			if !utf8.Valid(out) {
				return "", r.fail(start, "a string that is not UTF-8")
			}
			return string(out), nil
		}
		if c < ' ' {
			return "", r.fail(r.pos, "a control character in a string")
		}
		r.pos++
		if c == '\\' {
			out = append(out, r.data[from:r.pos-1]...)
			var ok bool
			out, ok = r.escape(out)
			if !ok {
				return "", r.fail(r.pos, "a broken escape in a string")
			}
			from = r.pos
		}
	}
	return "", r.fail(start, "a string that is never closed")
}

// escape reads what follows a backslash.
func (r *reader) escape(out []byte) ([]byte, bool) {
	if r.pos == len(r.data) {
		return out, false
	}
	c := r.data[r.pos]
	r.pos++
	const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	for i := 0; i < len(from); i++ {
		if from[i] == c {
			return append(out, to[i]), true
		}
	}
	if c != 'u' {
		return out, false
	}
	u, ok := r.hex()
	if ok && u >= 0xD800 && u < 0xDC00 { // the first half of a surrogate pair
		if r.pos+1 >= len(r.data) || r.data[r.pos] != '\\' || r.data[r.pos+1] != 'u' {
			return out, false
		}
		r.pos += 2
		low, second := r.hex()
		if !second || low < 0xDC00 || low > 0xDFFF {
			return out, false
		}
		u = 0x10000 + (u-0xD800)<<10 + low - 0xDC00
	} else if u >= 0xDC00 && u <= 0xDFFF {
		return out, false
	}
	return append(out, string(rune(u))...), ok
}

// hex reads four digits.
func (r *reader) hex() (uint32, bool) {
	if r.pos+4 > len(r.data) {
		return 0, false
	}
	u, err := strconv.ParseUint(string(r.data[r.pos:r.pos+4]), 16, 32)
	r.pos += 4
	return uint32(u), err == nil
}
