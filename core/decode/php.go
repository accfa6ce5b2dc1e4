package decode

// PHP is a cursor over PHP's serialize format and its session format
// (name|value…). Array keys, property and class names and session names come
// as KindName, strings and numbers as KindValue under the last key; every field
// carries Serialized. Property names keep their NUL-marked visibility prefix.
//
// Lengths are believed only where the closing quote stands where they say, so
// that a lying length hides nothing; text that is no token comes as KindRest.
// It takes one window with final set, is iterative, tracks MaxDepth levels of
// keys and values, allocates nothing and is for one goroutine.
type PHP struct {
	b     []byte
	i     int
	name  []byte
	depth int
	// keys has a bit a level: the next scalar is a key.
	keys [MaxDepth]bool
}

// Reset makes the cursor empty.
func (c *PHP) Reset() { *c = PHP{} }

// Window sets the serialized text.
func (c *PHP) Window(b []byte, final bool) { *c = PHP{b: b} }

// Consumed returns how many bytes have been read.
func (c *PHP) Consumed() int { return c.i }

// Next reports the next name, value or piece of rest.
func (c *PHP) Next(f *Field) State {
	b := c.b
	for c.i < len(b) {
		s := c.i
		if b[s] == '}' {
			if c.depth > 0 {
				c.depth--
			}
			c.i++
			continue
		}
		if b[s] == ';' || b[s] == '{' {
			c.i++
			continue
		}
		if !phpToken(b, s) {
			return c.rest(f)
		}
		if b[s] == 'N' {
			c.i = s + 2
			c.scalar()
			continue
		}
		n, e := phpLength(b, s+2)
		switch b[s] {
		case 's', 'S', 'E':
			return c.text(f, s+2, n, e)
		case 'a':
			c.scalar()
			c.i = e
			if e+1 < len(b) && b[e] == ':' && b[e+1] == '{' {
				c.i = e + 2
				c.open()
			}
			continue
		case 'O', 'o', 'C':
			c.scalar()
			if st := c.class(f, e, n); st == Found {
				return Found
			}
			continue
		}
		// i, d, b, r, R: up to the semicolon.
		for e = s + 2; e < len(b) && b[e] != ';' && b[e] != '}' && b[e] != '{'; e++ {
		}
		c.i = e
		return c.emit(f, b[s+2:e], false)
	}
	return Done
}

// class reports a class name and opens its body.
func (c *PHP) class(f *Field, e, n int) State {
	b := c.b
	c.i = e
	if e+1 >= len(b) || b[e] != ':' || b[e+1] != '"' {
		return Done
	}
	s := e + 2
	q := phpClose(b, s, n, ':')
	*f = Field{Kind: KindName, Name: b[s:q], Flags: Serialized}
	if c.i = q; q < len(b) {
		c.i++
	}
	if c.i < len(b) && b[c.i] == ':' {
		_, e = asciiNumber(b, c.i+1)
		if c.i = e; e+1 < len(b) && b[e] == ':' && b[e+1] == '{' {
			c.i = e + 2
			c.open()
		}
	}
	return Found
}

// text reports the string whose length field begins at l and ends at e.
func (c *PHP) text(f *Field, l, n, e int) State {
	b := c.b
	if e+1 >= len(b) || b[e] != ':' || b[e+1] != '"' {
		c.i = e
		if l == e {
			return c.rest(f)
		}
		return c.emit(f, b[l:e], false)
	}
	s := e + 2
	q := phpClose(b, s, n, ';')
	if c.i = q + 2; c.i > len(b) {
		c.i = len(b)
	}
	return c.emit(f, b[s:q], b[l-2] == 'S')
}

// emit reports a scalar as key or value, as its place says.
func (c *PHP) emit(f *Field, v []byte, escaped bool) State {
	if c.scalar() {
		c.name = v
		*f = Field{Kind: KindName, Name: v, Escaped: escaped, Flags: Serialized}
		return Found
	}
	*f = Field{Kind: KindValue, Name: c.name, Value: v, Escaped: escaped, Flags: Serialized}
	return Found
}

// scalar flips key and value on this level and tells whether a key was due.
func (c *PHP) scalar() bool {
	if c.depth == 0 || c.depth > MaxDepth {
		return false
	}
	k := c.keys[c.depth-1]
	c.keys[c.depth-1] = !k
	return k
}

func (c *PHP) open() {
	if c.depth < MaxDepth {
		c.keys[c.depth] = true
	}
	c.depth++
}

// rest reports a session name or whatever else stands before the next token.
func (c *PHP) rest(f *Field) State {
	b, s := c.b, c.i
	e := s + 1
	for e < len(b) && b[e] != '|' && !(phpToken(b, e) && (b[e-1] == ';' || b[e-1] == '{' || b[e-1] == '}')) {
		e++
	}
	if e < len(b) && b[e] == '|' {
		c.i = e + 1
		c.name = b[s:e]
		c.depth = 0
		*f = Field{Kind: KindName, Name: c.name, Flags: Serialized}
		return Found
	}
	c.i = e
	*f = Field{Kind: KindRest, Value: b[s:e], Flags: Serialized}
	return Found
}

// phpToken tells whether a token starts at i: a type letter, a colon and a
// digit, sign or N of NAN, or N and a semicolon.
func phpToken(b []byte, i int) bool {
	if i+1 >= len(b) {
		return false
	}
	if b[i] == 'N' {
		return b[i+1] == ';'
	}
	if b[i+1] != ':' || i+2 >= len(b) {
		return false
	}
	c := b[i+2]
	num := asciiClass[c]&asciiDigit != 0 || c == '+' || c == '-'
	switch b[i] {
	case 'a', 'O', 'o', 'C', 's', 'S', 'E', 'i', 'b', 'r', 'R':
		return num
	case 'd':
		return num || c == 'I' || c == 'N' || c == '.'
	}
	return false
}

// phpLength reads a length, with the sign that old parsers accept.
func phpLength(b []byte, i int) (n, end int) {
	if i < len(b) && (b[i] == '+' || b[i] == '-') {
		i++
	}
	return asciiNumber(b, i)
}

// phpClose returns the index of the quote that closes a string at s: where the
// length says, when a quote and the byte next stand there, else the first quote
// followed by next, else the end of input.
func phpClose(b []byte, s, n int, next byte) int {
	if e := s + n; e+1 < len(b) && b[e] == '"' && b[e+1] == next || e == len(b)-1 && b[e] == '"' {
		return e
	}
	for s < len(b) && !(b[s] == '"' && (s+1 == len(b) || b[s+1] == next)) {
		s++
	}
	return s
}

// LooksPHP tells whether b starts like serialize output that holds a string,
// array, object or enum, or like a session file. Constant time but for the
// session name, of which at most 64 bytes are read.
func LooksPHP(b []byte) bool {
	if phpOpens(b, 0) {
		return true
	}
	i := 0
	for i < len(b) && i < 64 && (asciiClass[b[i]]&asciiWord != 0 || b[i] == '-' || b[i] == '.') {
		i++
	}
	return i > 0 && i+2 < len(b) && b[i] == '|' && phpToken(b, i+1)
}

// phpOpens tells whether type, length and opening stand at i.
func phpOpens(b []byte, i int) bool {
	if i+2 >= len(b) || !phpToken(b, i) {
		return false
	}
	want := byte('"')
	switch b[i] {
	case 'a':
		want = '{'
	case 'O', 'o', 'C', 's', 'S', 'E':
	default:
		return false
	}
	_, e := phpLength(b, i+2)
	return e+1 < len(b) && b[e] == ':' && b[e+1] == want
}
