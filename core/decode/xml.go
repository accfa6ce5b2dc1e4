package decode

import "bytes"

// XML is a streaming tokeniser for XML 1.0 and things like it. It checks
// nothing and gives up on nothing: mismatched ends, unquoted attributes and
// stray angle brackets are read as what they may have meant.
//
// Fields: KindEnter for a start tag (Name is the element's name cut to 64 bytes,
// Value the name in full) and KindLeave for its end (Value is the name in the
// end tag; none for <a/>, Truncated where the input has none); KindValue with a
// Name for an attribute, KindName for an attribute without a value or with a
// name longer than 64 bytes; KindValue without a Name for text and CDATA (blank
// text is left out); KindComment; KindMarkup for processing instructions and
// declarations, without their angle brackets. Escaped tells of a '&'.
//
// A DOCTYPE comes as one KindMarkup up to its internal subset, then one a
// declaration. ExternalEntity is set on those that name a SYSTEM or PUBLIC
// identifier, declare or use a parameter entity (CWE-611), and on the href of an
// XInclude. Entities are not expanded (so there is no expansion bomb here, CWE-776);
// the replacement text of those declared within 900 bytes comes as KindValue
// under the entity's name, in addition to the declaration.
//
// Elements below MaxDepth come as KindName with DepthLimit. A start tag without
// an end (HTML's <br>) counts as a level. UTF-16 must be narrowed before.
//
// Reset before use. Not for concurrent use. Nothing is allocated; each byte is
// read a bounded number of times.
type XML struct {
	win      []byte
	pos      int
	used     int
	resume   int // offset where the scan of an unfinished token goes on
	depth    int
	sections int    // open conditional sections of the DTD
	name     []byte // attribute that waits for its value
	entity   []byte // entity whose replacement text is the next field
	text     []byte
	state    uint8
	tok      uint8
	quote    byte // open quote: of an attribute value, or within a declaration
	final    bool
	drained  bool
	escaped  bool
	closing  bool // the tag is an end tag
	slash    bool // the last thing in the tag was a '/'
	equals   bool // '=' was read, a value follows
	include  bool // the tag is an XInclude
	bracket  bool // the declaration may end in '['
	pieces   bool // within an attribute name that comes in pieces
	deep     bool // MaxDepth was exceeded since the last KindLeave
	buf      [maxName]byte
}

// States of an XML cursor.
const (
	xmlText = iota
	xmlTag
	xmlSubset
)

// Tokens of XML that can be longer than a window.
const (
	xmlNone = iota
	xmlChars
	xmlAttr
	xmlComment
	xmlCDATA
	xmlPI
	xmlDecl
	xmlStray // what stands in a DTD outside of declarations: %name; or garbage
)

// Reset makes the cursor ready for a new document.
func (c *XML) Reset() {
	*c = XML{}
}

// Window sets the bytes to read: what Consumed left of the previous window,
// then new ones. Windows that are not final must hold 4*Overlap bytes or more.
func (c *XML) Window(b []byte, final bool) {
	c.win, c.final = b, final
	c.pos, c.used, c.drained = 0, 0, false
}

// Consumed says, after NeedMore, how many leading bytes of the window are read.
func (c *XML) Consumed() int { return c.used }

// more keeps the waiting name out of the window and asks for the next one.
func (c *XML) more(used int) State {
	c.name = park(c.buf[:], c.name)
	c.used = used
	return NeedMore
}

// Next reads the next field. See Field for how long it stays valid.
func (c *XML) Next(f *Field) State {
	if c.drained {
		return c.more(c.used)
	}
	for {
		*f = Field{}
		if len(c.entity) > 0 {
			f.Name = clip(c.entity)
			f.Value = c.text
			f.Escaped = bytes.IndexByte(c.text, '&') >= 0
			c.entity = c.entity[:0]
			return Found
		}
		found, s := false, Found
		if c.tok != xmlNone {
			found, s = c.token(f, 0, c.resume)
		} else if c.pos >= len(c.win) {
			return c.ended(f)
		} else if c.state == xmlTag {
			found, s = c.inTag(f)
		} else if c.state == xmlSubset {
			found, s = c.inSubset(f)
		} else {
			found, s = c.outside(f)
		}
		if found || s != Found {
			return s
		}
	}
}

// ended asks for more or closes what is still open.
func (c *XML) ended(f *Field) State {
	if !c.final {
		return c.more(len(c.win))
	}
	if c.equals {
		// name= at the very end
		c.equals = false
		f.Name = c.name
		f.Flags = Truncated
		c.name = c.name[:0]
		return Found
	}
	for c.depth > 0 {
		if c.leave(f, Truncated) {
			return Found
		}
	}
	return Done
}

// leave closes an element and reports whether f was set.
func (c *XML) leave(f *Field, flags Flags) bool {
	c.depth--
	if c.depth >= MaxDepth {
		return false
	}
	if c.deep {
		flags |= DepthLimit
		c.deep = false
	}
	f.Kind = KindLeave
	f.Flags = flags
	return true
}

// outside reads what stands between tags.
func (c *XML) outside(f *Field) (bool, State) {
	b, s := c.win, c.pos
	if b[s] != '<' {
		c.tok, c.escaped = xmlChars, false
		return c.token(f, s, s)
	}
	switch c.markupAt(s) {
	case -1:
		return true, c.more(s)
	case 0:
		c.tok, c.escaped = xmlChars, false
		return c.token(f, s, s+1)
	}
	c.escaped, c.quote = false, 0
	rest := b[s:]
	switch {
	case bytes.HasPrefix(rest, xmlCommentMark):
		c.tok = xmlComment
		return c.token(f, s+4, s+4)
	case bytes.HasPrefix(rest, xmlCDATAMark):
		c.tok = xmlCDATA
		return c.token(f, s+9, s+9)
	case rest[1] == '?':
		c.tok = xmlPI
		return c.token(f, s+2, s+2)
	case rest[1] == '!':
		c.tok = xmlDecl
		from := s + 1
		section := bytes.HasPrefix(rest[1:], xmlSectionMark)
		c.bracket = section || c.state != xmlSubset
		if section {
			from += len(xmlSectionMark)
		}
		return c.token(f, s+1, from)
	}
	found := c.tag(f, s)
	return found, Found
}
