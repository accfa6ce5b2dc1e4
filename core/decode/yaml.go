package decode

// YAML is a tolerant, line-based cursor over YAML: keys come as KindName,
// scalars as KindValue under the last key (double-quoted ones Escaped when they
// hold a backslash), block scalars with their indentation as one KindValue,
// comments as KindComment, tags, anchors, aliases and directives as KindMarkup
// (tags other than YAML's own with Serialized, CWE-502). Flow collections
// ({a: b}, [a, b]) are values as they stand. Nothing is malformed: text it does
// not understand is a value.
//
// It takes one window with final set, is linear, allocates nothing and is for
// one goroutine. The zero value is ready.
type YAML struct {
	b      []byte
	i      int
	name   []byte
	indent int // of the current line
	fresh  bool
	// noClose says for ' and " that none follows any more.
	noClose [2]bool
}

// Reset makes the cursor empty.
func (c *YAML) Reset() { *c = YAML{fresh: true} }

// Window sets the document.
func (c *YAML) Window(b []byte, final bool) { *c = YAML{b: b, fresh: true} }

// Consumed returns how many bytes have been read.
func (c *YAML) Consumed() int { return c.i }

// Next reports the next key, scalar, comment or piece of markup.
func (c *YAML) Next(f *Field) State {
	b := c.b
	for c.i < len(b) {
		s := c.i
		x := b[s]
		if x == '\n' || x == '\r' {
			c.fresh = true
			c.indent = 0
			c.i++
			continue
		}
		if asciiClass[x]&asciiBlank != 0 {
			if c.fresh {
				c.indent++
			}
			c.i++
			continue
		}
		first := c.fresh && c.indent == 0
		gap := s+1 == len(b) || asciiClass[b[s+1]]&asciiBlank != 0
		switch {
		case (x == '-' || x == '?') && gap:
			if c.fresh {
				c.indent++
			}
			c.i++
			continue
		case first && s+2 < len(b) && (x == '-' || x == '.') && b[s+1] == x && b[s+2] == x:
			c.i = s + 3
			c.fresh = false
			continue
		}
		c.fresh = false
		switch x {
		case '#':
			c.i = yamlLine(b, s)
			*f = Field{Kind: KindComment, Value: b[s+1 : c.i]}
			return Found
		case '%':
			if first {
				c.i = yamlLine(b, s)
				*f = Field{Kind: KindMarkup, Value: b[s:c.i]}
				return Found
			}
		case '!', '&', '*':
			for c.i < len(b) && asciiClass[b[c.i]]&asciiBlank == 0 {
				c.i++
			}
			*f = Field{Kind: KindMarkup, Value: b[s:c.i]}
			if x == '!' && !yamlCore(b[s:c.i]) {
				f.Flags = Serialized
			}
			return Found
		case '|', '>':
			if e := yamlBlock(b, s); e > 0 {
				c.block(f, e)
				return Found
			}
		case '"', '\'':
			if c.quoted(f, x) {
				return Found
			}
		}
		c.plain(f)
		return Found
	}
	return Done
}

// yamlLine returns the end of the line at i.
func yamlLine(b []byte, i int) int {
	for i < len(b) && b[i] != '\n' && b[i] != '\r' {
		i++
	}
	return i
}

// yamlCore tells whether a tag is one of YAML's own types.
func yamlCore(tag []byte) bool {
	switch string(tag) {
	case "!", "!!str", "!!int", "!!float", "!!bool", "!!null", "!!seq", "!!map", "!!binary", "!!timestamp", "!!set", "!!omap":
		return true
	}
	return false
}

// yamlBlock tells whether a block scalar's header stands at i, and returns where
// its text starts.
func yamlBlock(b []byte, i int) int {
	i++
	for i < len(b) && (b[i] == '-' || b[i] == '+' || asciiClass[b[i]]&asciiDigit != 0) {
		i++
	}
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	if i < len(b) && b[i] == '\n' {
		return i + 1
	}
	return 0
}

// block reports the lines at e that are empty or indented more than this one.
func (c *YAML) block(f *Field, e int) {
	b, s := c.b, e
	for e < len(b) {
		t := e
		for t < len(b) && (b[t] == ' ' || b[t] == '\t') {
			t++
		}
		if t < len(b) && b[t] != '\n' && b[t] != '\r' && t-e <= c.indent {
			break
		}
		if e = yamlLine(b, t); e < len(b) {
			e++
		}
	}
	c.i = e
	c.fresh = true
	c.indent = 0
	*f = Field{Kind: KindValue, Name: c.name, Value: b[s:e]}
}

// quoted reports a quoted scalar, which may go over lines, or a quoted key.
func (c *YAML) quoted(f *Field, q byte) bool {
	b, k := c.b, 0
	if q == '"' {
		k = 1
	}
	if c.noClose[k] {
		return false
	}
	escaped := false
	e := c.i + 1
	for e < len(b) && (b[e] != q || q == '\'' && e+1 < len(b) && b[e+1] == q) {
		if b[e] == q || b[e] == '\\' && q == '"' {
			escaped = true
			e++
		}
		e++
	}
	if e >= len(b) {
		c.noClose[k] = true
		return false
	}
	v := b[c.i+1 : e]
	c.i = e + 1
	if t := asciiSpan(b, c.i, asciiBlank); t < len(b) && b[t] == ':' {
		c.i = t + 1
		c.name = v
		*f = Field{Kind: KindName, Name: v, Escaped: escaped}
		return true
	}
	*f = Field{Kind: KindValue, Name: c.name, Value: v, Escaped: escaped}
	return true
}

// plain reports an unquoted key, or a scalar to the end of its line.
func (c *YAML) plain(f *Field) {
	b, s := c.b, c.i
	e := s
	flow := b[s] == '{' || b[s] == '['
	for e < len(b) && b[e] != '\n' && b[e] != '\r' {
		gap := e+1 == len(b) || asciiClass[b[e+1]]&asciiBlank != 0
		if b[e] == ':' && gap && !flow {
			c.name = asciiTrim(b[s:e])
			c.i = e + 1
			*f = Field{Kind: KindName, Name: c.name}
			return
		}
		if b[e] == '#' && e > s && asciiClass[b[e-1]]&asciiBlank != 0 {
			break
		}
		e++
	}
	c.i = e
	*f = Field{Kind: KindValue, Name: c.name, Value: asciiTrim(b[s:e])}
}

// yamlSample is how many bytes LooksYAML judges.
const yamlSample = 4096

// LooksYAML tells whether b is YAML: a tag of a foreign type (!!python/…) at the
// start of a scalar, or --- and a key, or at least three lines of which two
// thirds are "key: value" or list items, and it is not JSON. Only the first 4096 bytes count.
func LooksYAML(b []byte) bool {
	if len(b) > yamlSample {
		b = b[:yamlSample]
	}
	lines, keys, items := 0, 0, 0
	marker := false
	for i := 0; i < len(b); {
		e := yamlLine(b, i)
		line := asciiTrim(b[i:e])
		i = e + 1
		if len(line) == 0 || line[0] == '#' || line[0] == '%' && lines == 0 {
			continue
		}
		if lines == 0 && (line[0] == '{' || line[0] == '[') {
			return false // JSON
		}
		if lines == 0 && len(line) == 3 && string(line) == "---" {
			marker = true
			continue
		}
		lines++
		for len(line) > 2 && line[0] == '-' && line[1] == ' ' {
			items++
			line = asciiTrim(line[2:])
		}
		k := 0
		for k < len(line) && (asciiClass[line[k]]&asciiWord != 0 || line[k] == '-' || line[k] == '.' || line[k] == '/' || line[k] == '"') {
			k++
		}
		if k > 0 && k < len(line) && line[k] == ':' && (k+1 == len(line) || line[k+1] == ' ') {
			keys++
			line = asciiTrim(line[k+1:])
		}
		if len(line) > 4 && line[0] == '!' && line[1] == '!' && asciiClass[line[2]]&asciiAlpha != 0 {
			t := asciiSpan(line, 2, asciiWord)
			if t < len(line) && (line[t] == '/' || line[t] == '.' || line[t] == ':') {
				return true
			}
		}
	}
	if marker && keys+items > 0 {
		return true
	}
	return lines >= 3 && keys >= 2 && 3*(keys+items) >= 2*lines
}
