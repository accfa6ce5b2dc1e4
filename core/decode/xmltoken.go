package decode

import "bytes"

var (
	xmlCommentMark = []byte("<!--")
	xmlCommentEnd  = []byte("-->")
	xmlCDATAMark   = []byte("<![CDATA[")
	xmlCDATAEnd    = []byte("]]>")
	xmlPIEnd       = []byte("?>")
	xmlSystem      = []byte("SYSTEM")
	xmlPublic      = []byte("PUBLIC")
	xmlEntity      = []byte("!ENTITY")
	xmlSectionMark = []byte("![")
	xmlHref        = []byte("href")
)

// markupAt reports whether the '<' at k starts markup: 1 yes, 0 no (it is text),
// -1 the window is too short to say.
func (c *XML) markupAt(k int) int {
	b := c.win
	rest := b[k:]
	if len(rest) < len(xmlCDATAMark) && !c.final {
		return -1
	}
	if len(rest) < 2 {
		return 0
	}
	if rest[1] == '!' || rest[1] == '?' {
		return 1
	}
	i := 1
	if rest[1] == '/' {
		i = 2
	}
	if i >= len(rest) || !startsName(rest[i]) {
		return 0
	}
	start := i
	for i < len(rest) && i-start <= longToken && scanClass[rest[i]]&isNameByte != 0 {
		i++
	}
	if i-start > longToken {
		return 0
	}
	if i >= len(rest) && !c.final {
		return -1
	}
	return 1
}

// startsName reports whether ch may start an element's name.
func startsName(ch byte) bool {
	return scanClass[ch]&isNameByte != 0 && !(ch >= '0' && ch <= '9') && ch != '-' && ch != '.'
}

// token reads the token c.tok whose text starts at s, from offset from on, and
// gives it, or a piece of it, as a field. c.pos is where the token starts.
func (c *XML) token(f *Field, s, from int) (bool, State) {
	b, quote := c.win, c.quote
	end, next, safe, back := -1, 0, len(b), 0
	switch c.tok {
	case xmlChars:
		end, safe = c.charsEnd(from)
		next = end
	case xmlAttr:
		end, next = c.attrEnd(from)
	case xmlComment:
		end, next, back = endMark(b, from, xmlCommentEnd)
	case xmlCDATA:
		end, next, back = endMark(b, from, xmlCDATAEnd)
	case xmlPI:
		end, next, back = endMark(b, from, xmlPIEnd)
	case xmlDecl:
		end, quote = c.declEnd(from)
		next = end + 1
	case xmlStray:
		end = c.strayEnd(from)
		next = end
	}
	if end < 0 && !c.final {
		if c.pos > 0 || len(b) < 4*Overlap || safe <= Overlap {
			if c.resume == 0 {
				c.tok = xmlNone
			}
			return true, c.more(c.pos)
		}
		c.fill(f, b[s:safe])
		f.Partial = true
		c.escaped, c.quote = f.Escaped, quote
		c.used, c.drained, c.resume = safe-Overlap, true, Overlap-back
		return true, Found
	}
	var flags Flags
	if end < 0 {
		end = len(b)
		next = end
		if c.tok != xmlChars && c.tok != xmlStray {
			flags = Truncated
		}
	}
	value := b[s:end]
	c.fill(f, value)
	f.Flags |= flags
	quiet := c.tok == xmlChars && c.resume == 0 && len(value) <= Overlap && len(trimBlank(value)) == 0
	if c.tok == xmlDecl {
		c.declared(value, end)
	}
	if c.tok == xmlAttr {
		c.equals, c.name = false, c.name[:0]
	}
	c.tok, c.resume, c.pos, c.quote = xmlNone, 0, next, 0
	return !quiet, Found
}

// fill sets f to (a piece of) the current token.
func (c *XML) fill(f *Field, value []byte) {
	f.Value = value
	switch c.tok {
	case xmlChars:
		f.Escaped = c.escaped || bytes.IndexByte(value, '&') >= 0
	case xmlAttr:
		f.Name = c.name
		f.Escaped = c.escaped || bytes.IndexByte(value, '&') >= 0
		if c.include && bytes.Equal(c.name, xmlHref) {
			f.Flags = ExternalEntity
		}
	case xmlComment:
		f.Kind = KindComment
	case xmlStray:
		f.Kind = KindMarkup
		if bytes.IndexByte(value, '%') >= 0 {
			f.Flags = ExternalEntity
		}
	case xmlPI, xmlDecl:
		f.Kind = KindMarkup
		if c.tok == xmlDecl && (bytes.Contains(value, xmlSystem) || bytes.Contains(value, xmlPublic) || c.resume == 0 && declaresParameter(value)) {
			f.Flags = ExternalEntity
		}
	}
}

// endMark looks for an end mark: the offset before it and behind it, or -1 and
// how many bytes at the window's end may be the start of one.
func endMark(b []byte, from int, mark []byte) (end, next, back int) {
	next, back = 0, 0 // yaegi does not zero named results
	end = bytes.Index(b[from:], mark)
	if end < 0 {
		back = len(mark) - 1
		return end, next, back
	}
	end += from
	next = end + len(mark)
	return end, next, back
}

// charsEnd looks for the markup that ends text. safe is how much of the window
// is known to be text when there is none.
func (c *XML) charsEnd(from int) (end, safe int) {
	b := c.win
	safe = len(b)
	for k := indexFrom(b, from, '<'); k < safe; k = indexFrom(b, k+1, '<') {
		switch c.markupAt(k) {
		case 1:
			return k, safe
		case -1:
			return -1, k
		}
	}
	return -1, safe
}

// attrEnd looks for the end of an attribute's value.
func (c *XML) attrEnd(from int) (end, next int) {
	b := c.win
	if c.quote != 0 {
		if k := indexFrom(b, from, c.quote); k < len(b) {
			end, next = k, k+1
			return end, next
		}
		return -1, 0
	}
	for i := from; i < len(b); i++ {
		if b[i] == '>' || scanClass[b[i]]&isBlank != 0 {
			return i, i
		}
	}
	return -1, 0
}

// declEnd looks for the byte that ends a declaration: '>' or, for a DOCTYPE and
// a conditional section, '[', outside of quotes. quote is the one that is open
// at the window's end.
func (c *XML) declEnd(from int) (end int, quote byte) {
	b, quote := c.win, c.quote
	for i := from; i < len(b); i++ {
		ch := b[i]
		switch {
		case quote != 0:
			i = indexFrom(b, i, quote)
			if i == len(b) {
				return -1, quote
			}
			quote = 0
		case ch == '"' || ch == '\'':
			quote = ch
		case ch == '>' || ch == '[' && c.bracket:
			return i, quote
		}
	}
	return -1, quote
}

// strayEnd looks for the end of what stands between the declarations of a DTD.
func (c *XML) strayEnd(from int) int {
	for i := from; i < len(c.win); i++ {
		if ch := c.win[i]; ch == '<' || ch == ']' || ch == '>' {
			return i
		}
	}
	return -1
}

// declared moves on behind a declaration that ends at end.
func (c *XML) declared(value []byte, end int) {
	opens := end < len(c.win) && c.win[end] == '['
	switch {
	case c.state == xmlSubset:
		if opens {
			c.sections++
		}
	case opens:
		c.state, c.sections = xmlSubset, 0
	}
	if c.resume == 0 && len(value) <= maxHeader && bytes.HasPrefix(value, xmlEntity) {
		c.replacement(value)
	}
}

// declaresParameter reports whether a declaration is that of a parameter entity.
func declaresParameter(value []byte) bool {
	if !bytes.HasPrefix(value, xmlEntity) {
		return false
	}
	i := skipBlank(value, len(xmlEntity))
	return i < len(value) && value[i] == '%'
}

// replacement sets up the literal of an entity declaration as the next field.
func (c *XML) replacement(value []byte) {
	i := len(xmlEntity)
	for i < len(value) && (value[i] == '%' || scanClass[value[i]]&isBlank != 0) {
		i++
	}
	start := i
	for i < len(value) && scanClass[value[i]]&isNameByte != 0 {
		i++
	}
	name := value[start:i]
	i = skipBlank(value, i)
	if len(name) == 0 || i >= len(value) || value[i] != '"' && value[i] != '\'' {
		return
	}
	end := indexFrom(value, i+1, value[i])
	c.entity, c.text = name, value[i+1:end]
}

// inSubset reads what stands in the internal subset of a DOCTYPE.
func (c *XML) inSubset(f *Field) (bool, State) {
	b, s := c.win, skipBlank(c.win, c.pos)
	c.pos = s
	if s >= len(b) {
		return false, Found
	}
	switch b[s] {
	case '<':
		if m := c.markupAt(s); m < 0 {
			return true, c.more(s)
		} else if m > 0 && (b[s+1] == '!' || b[s+1] == '?') {
			return c.outside(f)
		}
	case ']':
		c.pos++
		return false, Found
	case '>':
		c.pos++
		if c.sections > 0 {
			c.sections--
		} else {
			c.state = xmlText
		}
		return false, Found
	}
	c.tok = xmlStray
	return c.token(f, s, s+1)
}
