package decode

import "bytes"

// Form is a streaming cursor over application/x-www-form-urlencoded bodies and
// query strings (WHATWG URL, section 5.1).
//
// Fields: KindName for a parameter's name (as Name, cut to 64 bytes, and in full
// as Value), then KindValue with that Name; both raw, Escaped when they hold a %
// or a +. A parameter without '=' is a KindValue with an empty Name and no
// KindName; so is one whose '=' does not come within its first 512 bytes, which
// is then text or binary rather than a parameter. An empty name is not reported,
// an empty value is. Broken escapes are left in place for the decoders.
//
// Reset before use. Not for concurrent use. Each byte is read at most four
// times, nothing is allocated.
type Form struct {
	// Semicolon makes ';' a separator too, as HTML 4.01 (B.2.2) asked servers to.
	// Reset leaves it alone.
	Semicolon bool

	win     []byte
	pos     int
	used    int
	amp     int // first '&' at or after pos, -1 when not yet searched
	semi    int // first ';' likewise
	resume  int // offset where the scan of an unfinished value goes on
	name    []byte
	final   bool
	inValue bool // the next byte belongs to a value
	drained bool
	escaped bool
	buf     [maxName]byte
}

// Reset makes the cursor ready for a new body.
func (c *Form) Reset() {
	*c = Form{Semicolon: c.Semicolon, amp: -1, semi: -1}
}

// Window sets the bytes to read: what Consumed left of the previous window,
// then new ones. Windows that are not final must hold 4*Overlap bytes or more.
func (c *Form) Window(b []byte, final bool) {
	c.win, c.final = b, final
	c.pos, c.used, c.amp, c.semi = 0, 0, -1, -1
	c.drained = false
}

// Consumed says, after NeedMore, how many leading bytes of the window are read.
func (c *Form) Consumed() int { return c.used }

// more keeps the waiting name out of the window and asks for the next one.
func (c *Form) more(used int) State {
	c.name = park(c.buf[:], c.name)
	c.used = used
	return NeedMore
}

// Next reads the next field. See Field for how long it stays valid.
func (c *Form) Next(f *Field) State {
	*f = Field{}
	if c.drained {
		return c.more(c.used)
	}
	if c.inValue {
		return c.value(f)
	}
	b, i := c.win, c.pos
	for i < len(b) && (b[i] == '&' || c.Semicolon && b[i] == ';') {
		i++
	}
	c.pos = i
	if i >= len(b) {
		if c.final {
			return Done
		}
		return c.more(i)
	}
	// The '=' that ends a name must come before the separator and soon.
	limit := len(b)
	if limit > i+longToken {
		limit = i + longToken
	} else if !c.final {
		if end := c.separator(i); end == len(b) {
			return c.more(i)
		}
	}
	if end := c.separator(i); end < limit {
		limit = end
	}
	eq := bytes.IndexByte(b[i:limit], '=')
	c.inValue = true
	if eq < 0 {
		c.name = c.name[:0]
		return c.value(f)
	}
	c.pos = i + eq + 1
	name := b[i : i+eq]
	c.name = clip(name)
	if eq == 0 {
		return c.value(f)
	}
	f.Kind = KindName
	f.Name = c.name
	f.Value = name
	f.Escaped = formEscaped(name)
	return Found
}

// separator is the first separator at or after i, or the window's length. The
// searches are remembered, each byte is searched once.
func (c *Form) separator(i int) int {
	if c.amp < i {
		c.amp = indexFrom(c.win, i, '&')
	}
	if !c.Semicolon {
		return c.amp
	}
	if c.semi < i {
		c.semi = indexFrom(c.win, i, ';')
	}
	if c.semi < c.amp {
		return c.semi
	}
	return c.amp
}

// value gives the value that starts at c.pos, or a piece of it.
func (c *Form) value(f *Field) State {
	b, s := c.win, c.pos
	from := s
	if c.resume > 0 {
		from = c.resume
	}
	end := c.separator(from)
	f.Kind = KindValue
	f.Name = c.name
	if end >= len(b) && !c.final {
		if s > 0 || len(b) < longToken {
			*f = Field{}
			return c.more(s)
		}
		c.escaped = c.escaped || formEscaped(b[from:])
		f.Value = b
		f.Escaped = c.escaped
		f.Partial = true
		c.used = len(b) - Overlap
		c.drained, c.resume = true, Overlap
		return Found
	}
	if from > end {
		from = end
	}
	f.Value = b[s:end]
	f.Escaped = c.escaped || formEscaped(b[from:end])
	c.pos, c.resume = end, 0
	if end < len(b) {
		c.pos++
	}
	c.inValue, c.escaped, c.name = false, false, c.name[:0]
	return Found
}

// formEscaped reports whether percent decoding would change b.
func formEscaped(b []byte) bool {
	return bytes.IndexByte(b, '%') >= 0 || bytes.IndexByte(b, '+') >= 0
}

// LooksForm reports whether a value is itself a list of parameters (a=b&c=d):
// two names of parameter characters, each followed by '=', with a '&' between.
// It reads the first parameter and the second's name.
func LooksForm(b []byte) bool {
	i := paramName(b, 0)
	if i == 0 {
		return false
	}
	amp := indexFrom(b, i, '&')
	if amp >= len(b) || bytes.IndexByte(b[i:amp], '\n') >= 0 {
		return false
	}
	return paramName(b, amp+1) > 0
}

// paramName is the offset behind "name=" at i, 0 when there is none.
func paramName(b []byte, i int) int {
	start := i
	for i < len(b) && i-start < maxName && scanClass[b[i]]&isParamByte != 0 {
		i++
	}
	if i == start || i >= len(b) || b[i] != '=' || (i+1 < len(b) && b[i+1] == '=') {
		return 0
	}
	return i + 1
}
