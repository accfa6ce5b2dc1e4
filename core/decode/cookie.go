package decode

import "bytes"

// Cookie is a cursor over the value of a Cookie header (RFC 6265, 4.2.1; the
// $Version form of RFC 2965; commas as RFC 2109 had them, outside of values).
//
// Fields: KindName for a cookie's name, then KindValue with that Name (cut to 64
// bytes). A quoted value comes without its quotes, Escaped when it has a
// backslash or a percent escape; what follows the closing quote up to the
// separator comes as KindRest, since some parsers end the value at the quote and
// some at the semicolon. A pair without '=' is a KindValue without a Name. An
// open quote runs to the next semicolon, as browsers have it, and the value
// keeps it.
//
// A header is read whole: Window takes all of it, final is taken to be true. The
// zero value is ready. Not for concurrent use. Linear, nothing is allocated.
type Cookie struct {
	win  []byte
	pos  int
	name []byte // pair whose value is next
	rest []byte // what stood behind a closing quote
	semi int    // first semicolon at or after pos, 0 when not yet searched
	pair bool   // a value is next
}

// Reset makes the cursor ready for another header.
func (c *Cookie) Reset() { *c = Cookie{} }

// Window sets the header's value. It is the whole of it, whatever final says.
func (c *Cookie) Window(b []byte, final bool) {
	c.Reset()
	c.win = b
}

// Consumed is how much was read so far; a Cookie never asks for more.
func (c *Cookie) Consumed() int { return c.pos }

// semicolon is the offset of the first one at or after i, or the header's length.
// The search is remembered, each byte is searched once.
func (c *Cookie) semicolon(i int) int {
	if c.semi <= i {
		c.semi = indexFrom(c.win, i, ';')
	}
	return c.semi
}

// Next reads the next field: Found or Done.
func (c *Cookie) Next(f *Field) State {
	*f = Field{}
	if len(c.rest) > 0 {
		f.Kind = KindRest
		f.Value = c.rest
		f.Name = clip(c.name)
		c.rest = c.rest[:0]
		return Found
	}
	if c.pair {
		return c.value(f)
	}
	b, i := c.win, c.pos
	for i < len(b) && (b[i] == ';' || b[i] == ',' || scanClass[b[i]]&isBlank != 0) {
		i++
	}
	c.pos = i
	if i >= len(b) {
		return Done
	}
	end := c.semicolon(i)
	eq := bytes.IndexByte(b[i:end], '=')
	c.pair, c.name = true, b[:0]
	if eq < 0 {
		return c.value(f)
	}
	c.pos = i + eq + 1
	c.name = trimBlank(b[i : i+eq])
	if len(c.name) == 0 {
		return c.value(f)
	}
	f.Kind = KindName
	f.Value = c.name
	f.Name = clip(c.name)
	f.Escaped = bytes.IndexByte(c.name, '%') >= 0
	return Found
}

// value reads the value at c.pos.
func (c *Cookie) value(f *Field) State {
	b := c.win
	i := c.pos
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	q := -1
	if i < len(b) && b[i] == '"' {
		q = closingQuote(b, i+1)
	}
	var value []byte
	if q < 0 {
		c.pos = c.semicolon(i)
		value = trimBlank(b[i:c.pos])
	} else {
		value = b[i+1 : q]
		c.pos = skipBlank(b, q+1)
		// A comma ends the pair; anything else is read up to the semicolon.
		if c.pos < len(b) && b[c.pos] != ',' {
			end := c.semicolon(c.pos)
			c.rest = trimBlank(b[c.pos:end])
			c.pos = end
		}
	}
	f.Value = value
	f.Name = clip(c.name)
	f.Escaped = bytes.IndexByte(value, '%') >= 0 || bytes.IndexByte(value, '\\') >= 0
	c.pair = false
	return Found
}

// closingQuote is the offset of the quote that ends the quoted string at i, or
// -1 when there is none before the end.
func closingQuote(b []byte, i int) int {
	for i < len(b) {
		switch b[i] {
		case '"':
			return i
		case '\\':
			i++
		}
		i++
	}
	return -1
}
