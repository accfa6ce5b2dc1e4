package decode

// GraphQL is a cursor over a GraphQL document (GraphQL specification, October
// 2021, section 2). Names of operations, fields, arguments and variables come
// as KindName, strings (also block strings), numbers and enum values as
// KindValue under the argument's name, directives with their @ as KindMarkup,
// comments as KindComment, and what is no token as KindRest. Strings are
// Escaped when they hold a backslash.
//
// It takes one window with final set, allocates nothing and is for one
// goroutine. The zero value is ready.
type GraphQL struct {
	b     []byte
	i     int
	name  []byte
	colon bool
	depth int // of parentheses
}

// Reset makes the cursor empty.
func (c *GraphQL) Reset() { *c = GraphQL{} }

// Window sets the document.
func (c *GraphQL) Window(b []byte, final bool) { *c = GraphQL{b: b} }

// Consumed returns how many bytes have been read.
func (c *GraphQL) Consumed() int { return c.i }

// graphqlSkip tells whether x is punctuation or ignored.
func graphqlSkip(x byte) bool {
	switch x {
	case ' ', '\t', '\r', '\n', ',', '{', '}', '(', ')', '[', ']', ':', '!', '=', '|', '&', '.':
		return true
	}
	return false
}

// Next reports the next token with text.
func (c *GraphQL) Next(f *Field) State {
	b := c.b
	for ; c.i < len(b) && graphqlSkip(b[c.i]); c.i++ {
		switch b[c.i] {
		case ':':
			c.colon = true
		case '(':
			c.depth++
			c.colon = false
		case ')':
			c.depth--
			c.colon = false
		case '{', '}', '=':
			c.colon = b[c.i] == '=' && c.depth > 0
		}
	}
	if c.i >= len(b) {
		return Done
	}
	s := c.i
	x := b[s]
	switch {
	case x == '#':
		for c.i < len(b) && b[c.i] != '\n' && b[c.i] != '\r' {
			c.i++
		}
		*f = Field{Kind: KindComment, Value: b[s+1 : c.i]}
	case x == '"':
		c.text(f)
	case x == '@':
		c.i = asciiSpan(b, s+1, asciiWord)
		*f = Field{Kind: KindMarkup, Value: b[s:c.i]}
	case x == '-' || asciiClass[x]&asciiDigit != 0:
		for c.i = s + 1; c.i < len(b) && (asciiClass[b[c.i]]&asciiWord != 0 || b[c.i] == '.' || b[c.i] == '+' || b[c.i] == '-'); c.i++ {
		}
		*f = Field{Kind: KindValue, Name: c.name, Value: b[s:c.i]}
		c.colon = false
	case x == '$' || asciiClass[x]&asciiWord != 0:
		if x == '$' {
			s++
		}
		c.i = asciiSpan(b, s, asciiWord)
		if c.i == s {
			*f = Field{Kind: KindRest, Value: b[s-1 : s]}
			return Found
		}
		if c.colon && c.depth > 0 && x != '$' {
			e := asciiSpan(b, c.i, asciiBlank)
			if e == len(b) || b[e] != ':' {
				*f = Field{Kind: KindValue, Name: c.name, Value: b[s:c.i]}
				c.colon = false
				return Found
			}
		}
		c.name = b[s:c.i]
		c.colon = false
		*f = Field{Kind: KindName, Name: c.name}
	default:
		for c.i = s + 1; c.i < len(b) && !graphqlSkip(b[c.i]) && asciiClass[b[c.i]]&asciiWord == 0 && b[c.i] != '"' && b[c.i] != '#'; c.i++ {
		}
		*f = Field{Kind: KindRest, Value: b[s:c.i]}
	}
	return Found
}

// text reports the string at i; one that is not closed goes on to the end.
func (c *GraphQL) text(f *Field) {
	b, s := c.b, c.i+1
	*f = Field{Kind: KindValue, Name: c.name}
	c.colon = false
	quotes := 1
	if s+1 < len(b) && b[s] == '"' && b[s+1] == '"' {
		quotes = 3
		s = s + 2
	}
	e := s
	for ; e < len(b); e++ {
		if b[e] == '\\' {
			f.Escaped = true
			e++
			continue
		}
		if b[e] == '"' && (quotes == 1 || e+2 < len(b) && b[e+1] == '"' && b[e+2] == '"') {
			break
		}
	}
	if e >= len(b) {
		f.Value = b[s:]
		c.i = len(b)
		return
	}
	f.Value = b[s:e]
	c.i = e + quotes
}

// LooksGraphQL tells whether b is a GraphQL document: it starts with query,
// mutation, subscription or fragment, or with a brace and at least two names;
// its arguments have names; nothing in it is no GraphQL token; and it ends with
// a brace. JSON, templates ({{x}}, {x}), code and prose are none. One pass.
func LooksGraphQL(b []byte) bool {
	b = asciiTrim(b)
	if len(b) < 6 || b[len(b)-1] != '}' {
		return false
	}
	bare := b[0] == '{'
	if !bare && b[0] != '#' && !graphqlKeyword(b) {
		return false
	}
	if bare {
		i := asciiSpan(b, 1, asciiBlank)
		if i == len(b) || asciiClass[b[i]]&(asciiAlpha) == 0 && b[i] != '_' && b[i] != '#' && b[i] != '.' {
			return false
		}
	}
	var c GraphQL
	var f Field
	names := 0
	braces := 0
	c.Window(b, true)
	for {
		from := c.i
		if c.Next(&f) != Found {
			break
		}
		// The punctuation between the last token and this one.
		last := byte(0)
		for k := from; k < c.i && graphqlSkip(b[k]); k++ {
			switch b[k] {
			case '{':
				if last == '{' && braces < 2 {
					return false
				}
				braces++
				last = '{'
			case '(':
				last = '('
			}
		}
		if f.Kind == KindRest || braces == 0 && f.Kind == KindValue && c.depth == 0 && f.Value == nil {
			return false
		}
		if last == '(' {
			e := asciiSpan(b, c.i, asciiBlank)
			if f.Kind != KindName || e == len(b) || b[e] != ':' {
				return false
			}
		}
		if f.Kind == KindName {
			names++
			if braces == 0 && c.depth == 0 && names > 4 {
				return false // prose before any brace
			}
		}
		if f.Kind == KindValue && c.depth <= 0 {
			return false // a value outside arguments
		}
	}
	return c.depth == 0 && braces > 0 && names >= 2
}

// graphqlKeyword tells whether b starts with the word of an operation.
func graphqlKeyword(b []byte) bool {
	e := asciiSpan(b, 0, asciiWord)
	switch string(b[:e]) {
	case "query", "mutation", "subscription", "fragment":
		return true
	}
	return false
}
