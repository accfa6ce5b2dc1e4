package decode

// PathSegments is a cursor over a path: each segment between slashes (or
// backslashes) is a KindValue; matrix parameters (RFC 3986, section 3.3;
// ;jsessionid=1;a=b) follow as a KindName and a KindValue under that Name.
// Empty segments are skipped: they hold no text. Nothing is decoded.
//
// It takes one window with final set, allocates nothing and is for one
// goroutine. The zero value is ready.
type PathSegments struct {
	b       []byte
	i       int
	matrix  bool
	pending bool
	name    []byte
}

// Reset makes the cursor empty.
func (c *PathSegments) Reset() { *c = PathSegments{} }

// Window sets the path.
func (c *PathSegments) Window(b []byte, final bool) { *c = PathSegments{b: b} }

// Consumed returns how many bytes have been reported.
func (c *PathSegments) Consumed() int { return c.i }

// Next reports the next segment or parameter.
func (c *PathSegments) Next(f *Field) State {
	for c.i < len(c.b) {
		s := c.i
		if c.pending {
			c.pending = false
			c.i = c.until(s, false)
			*f = Field{Kind: KindValue, Name: c.name, Value: c.b[s:c.i]}
			return Found
		}
		switch c.b[s] {
		case '/', '\\':
			c.matrix = false
			c.i = s + 1
			continue
		case ';':
			c.matrix = true
			c.i = s + 1
			continue
		}
		c.i = c.until(s, c.matrix)
		if c.matrix && c.i < len(c.b) && c.b[c.i] == '=' {
			c.name = c.b[s:c.i]
			c.i++
			c.pending = c.i < len(c.b) && !uriSlash(c.b[c.i]) && c.b[c.i] != ';'
			if len(c.name) == 0 {
				continue
			}
			*f = Field{Kind: KindName, Name: c.name}
			return Found
		}
		*f = Field{Kind: KindValue, Value: c.b[s:c.i]}
		return Found
	}
	return Done
}

// until walks to the end of a segment or parameter, or to its = sign.
func (c *PathSegments) until(i int, equals bool) int {
	for i < len(c.b) {
		switch c.b[i] {
		case '/', '\\', ';':
			return i
		case '=':
			if equals {
				return i
			}
		}
		i++
	}
	return i
}
