package decode

import "bytes"

// tag reads the name of the start or end tag at s and reports whether f was set.
func (c *XML) tag(f *Field, s int) bool {
	b := c.win
	c.closing = b[s+1] == '/'
	s++
	if c.closing {
		s++
	}
	end := s
	for end < len(b) && scanClass[b[end]]&isNameByte != 0 {
		end++
	}
	name := b[s:end]
	c.pos, c.state = end, xmlTag
	c.slash, c.equals, c.include = false, false, false
	f.Value = name
	if c.closing {
		if c.depth == 0 {
			f.Kind = KindRest
			return true
		}
		if !c.leave(f, 0) {
			f.Kind = KindName
			f.Flags = DepthLimit
		}
		return true
	}
	c.depth++
	colon := bytes.LastIndexByte(name, ':')
	local := name[colon+1:]
	c.include = colon >= 0 && (string(local) == "include" || string(local) == "import")
	f.Name = clip(name)
	f.Kind = KindEnter
	if c.depth > MaxDepth {
		c.deep = true
		f.Kind = KindName
		f.Flags = DepthLimit
	}
	return true
}

// inTag reads the attributes of a tag and its end.
func (c *XML) inTag(f *Field) (bool, State) {
	b, i := c.win, c.pos
	if c.pieces {
		return c.attrName(f, i)
	}
	i = skipBlank(b, i)
	c.pos = i
	if i >= len(b) {
		return false, Found
	}
	ch := b[i]
	if ch == '>' && !c.equals {
		c.pos, c.state = i+1, xmlText
		if c.slash && !c.closing && c.depth > 0 && c.leave(f, 0) {
			return true, Found
		}
		return false, Found
	}
	if c.equals || ch == '"' || ch == '\'' {
		c.tok, c.escaped, c.quote, c.slash = xmlAttr, false, 0, false
		if ch == '"' || ch == '\'' {
			c.quote = ch
			return c.token(f, i+1, i+1)
		}
		return c.token(f, i, i)
	}
	if ch == '/' || ch == '=' {
		c.slash, c.equals = ch == '/', ch == '='
		c.pos++
		return false, Found
	}
	return c.attrName(f, i)
}

// attrName reads the attribute name at i. Names longer than any parser's come in
// pieces that overlap like those of values.
func (c *XML) attrName(f *Field, i int) (bool, State) {
	b, end := c.win, i
	for end < len(b) && end-i < longToken && !endsAttrName(b[end]) {
		end++
	}
	eq := end
	for eq < len(b) && eq-end < maxPadding && scanClass[b[eq]]&isBlank != 0 {
		eq++
	}
	if eq >= len(b) && !c.final {
		return true, c.more(i)
	}
	name := b[i:end]
	f.Kind = KindName
	f.Name = clip(name)
	f.Value = name
	if end-i == longToken && end < len(b) && !endsAttrName(b[end]) {
		f.Partial = true
		c.pos, c.pieces = end-Overlap, true
		return true, Found
	}
	c.pos, c.slash = end, false
	long := c.pieces || len(name) > maxName
	c.pieces = false
	if eq < len(b) && b[eq] == '=' {
		c.name = clip(name)
		c.pos, c.equals = eq+1, true
		return long, Found
	}
	return true, Found
}

// endsAttrName reports whether ch ends an attribute's name.
func endsAttrName(ch byte) bool {
	return ch == '=' || ch == '>' || ch == '/' || scanClass[ch]&isBlank != 0
}
