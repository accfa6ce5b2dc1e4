package decode

import "bytes"

// plainEnd is the end of the string whose inside starts at s, if the window has
// it and no backslash before it, as is the rule; else -1.
func (c *JSON) plainEnd(s int) int {
	q := bytes.IndexByte(c.win[s:], '"')
	if q < 0 {
		return -1
	}
	q += s
	if c.slash < s {
		c.slash = indexFrom(c.win, s, '\\')
	}
	if c.slash < q {
		return -1
	}
	return q
}

// plain gives the string in [s, end) as text and token would.
func (c *JSON) plain(f *Field, s, end int) State {
	value := c.win[s:end]
	if c.depth > MaxDepth {
		f.Flags = DepthLimit
	}
	f.Value = value
	if (c.want == wantKey || c.want == wantComma) && c.inObject() {
		f.Kind = KindName
		f.Name = clip(value)
		c.name, c.nameEsc, c.want = f.Name, false, wantColon
	} else {
		f.Name = c.name
		c.name, c.nameEsc, c.want = c.name[:0], false, wantComma
	}
	c.pos = end + 1
	return Found
}

// text starts a quoted string: a key or a value.
func (c *JSON) text(f *Field, i int, quote byte) State {
	c.tok, c.quote, c.escaped, c.skip = tokString, quote, false, false
	c.kind = KindValue
	if (c.want == wantKey || c.want == wantComma) && c.inObject() {
		c.kind = KindName
	}
	return c.token(f, i+1, i+1)
}

// bare starts an unquoted token: a number, a literal, a word, or text that does
// not belong there. Blanks are part of it (an unquoted `1 or 1=1` stays in one
// piece), line ends are not.
func (c *JSON) bare(f *Field, i int) State {
	c.tok, c.escaped = tokBare, false
	c.kind = KindValue
	if c.depth == 0 {
		c.kind = KindRest
	} else if c.inObject() {
		if c.want == wantKey {
			c.kind = KindName
		} else if c.want == wantComma {
			c.kind = KindRest
		}
	}
	return c.token(f, i, i+1)
}

// token reads the token c.tok whose text starts at s, from offset from on, and
// gives it, or a piece of it, as a field. c.pos is where the token starts.
func (c *JSON) token(f *Field, s, from int) State {
	b := c.win
	end, next, skip := -1, 0, false
	escaped := c.escaped
	switch c.tok {
	case tokString:
		end, escaped, skip = c.stringEnd(from)
		next = end + 1
	case tokBare:
		end = c.bareEnd(from)
		next = end
	case tokLine:
		if k := indexFrom(b, from, '\n'); k < len(b) {
			end, next = k, k+1
		}
	case tokBlock:
		if k := bytes.Index(b[from:], starSlash); k >= 0 {
			end, next = from+k, from+k+2
		}
	}
	if end < 0 && !c.final {
		if c.pos > 0 || len(b) < longToken {
			if c.resume == 0 {
				c.tok = tokNone
			}
			return c.more(c.pos)
		}
		c.fill(f, b[s:], escaped)
		f.Partial = true
		c.escaped, c.skip = escaped, skip
		c.used = len(b) - Overlap
		c.drained = true
		c.resume = Overlap
		if c.tok == tokBlock {
			c.resume-- // its last byte may be the star of the end mark
		}
		return Found
	}
	var flags Flags
	if end < 0 {
		end = len(b)
		next = end
		if c.tok != tokBare && c.tok != tokLine {
			flags = Truncated
		}
	}
	value := b[s:end]
	if c.tok == tokBare && c.resume == 0 && len(value) <= longToken {
		value = trimBlank(value)
		if c.kind == KindRest && c.depth == 0 && isLiteral(value) {
			c.kind = KindValue
		}
	}
	c.fill(f, value, escaped)
	f.Flags |= flags
	c.after()
	c.tok, c.resume, c.pos = tokNone, 0, next
	return Found
}

// fill sets f to (a piece of) the current token.
func (c *JSON) fill(f *Field, value []byte, escaped bool) {
	f.Kind = c.kind
	f.Value = value
	f.Escaped = escaped
	if c.depth > MaxDepth {
		f.Flags = DepthLimit
	}
	switch c.kind {
	case KindName:
		if c.resume == 0 {
			c.name = clip(value)
			c.nameEsc = escaped && bytes.IndexByte(c.name, '\\') >= 0
		}
		f.Name = c.name
	case KindValue:
		f.Name = c.name
	}
}

// after moves the grammar on behind a complete token.
func (c *JSON) after() {
	switch c.kind {
	case KindName:
		c.want = wantColon
	case KindValue, KindRest:
		c.want, c.name, c.nameEsc = wantComma, c.name[:0], false
	}
}
