package decode

// Authorization splits the value of an Authorization, Proxy-Authorization or
// WWW-Authenticate header (RFC 9110, section 11.4) into the scheme and the
// rest, blanks trimmed; both are slices of b. A value of one word is all
// credentials, since an attacker may leave out the scheme.
func Authorization(b []byte) (scheme, credentials []byte) {
	b = asciiTrim(b)
	i := asciiSpan(b, 0, asciiAlpha|asciiDigit)
	for i < len(b) && (b[i] == '-' || b[i] == '_') {
		i = asciiSpan(b, i+1, asciiAlpha|asciiDigit)
	}
	if i == 0 || i == len(b) || asciiClass[b[i]]&asciiBlank == 0 {
		return nil, b
	}
	return b[:i], asciiTrim(b[i:])
}

// BasicPair splits the decoded credentials of the scheme Basic (RFC 7617) at
// the first colon; ok is false when there is none and everything is user.
func BasicPair(b []byte) (user, password []byte, ok bool) {
	i := uriIndex(b, ':')
	if i < 0 {
		return b, nil, false
	}
	return b[:i], b[i+1:], true
}

// AuthParams is a cursor over the parameter list of Digest, OAuth and AWS
// signatures: key="value", key=value. A key is a KindName, its value a
// KindValue under that Name (Escaped when it has quoted pairs); a word without
// = is a KindValue. It takes one window with final set, allocates nothing and
// is for one goroutine. The zero value is ready.
type AuthParams struct {
	b     []byte
	i     int
	name  []byte
	value bool
}

// Reset makes the cursor empty.
func (c *AuthParams) Reset() { *c = AuthParams{} }

// Window sets the list.
func (c *AuthParams) Window(b []byte, final bool) { *c = AuthParams{b: b} }

// Consumed returns how many bytes have been reported.
func (c *AuthParams) Consumed() int { return c.i }

// Next reports the next key or value.
func (c *AuthParams) Next(f *Field) State {
	b := c.b
	if !c.value {
		for c.i < len(b) && (b[c.i] == ',' || b[c.i] == ';' || asciiClass[b[c.i]]&asciiBlank != 0) {
			c.i++
		}
	}
	if c.i >= len(b) {
		return Done
	}
	s := c.i
	if c.value {
		c.value = false
		*f = Field{Kind: KindValue, Name: c.name}
		if b[s] == '"' {
			e := s + 1
			for e < len(b) && b[e] != '"' {
				if b[e] == '\\' {
					f.Escaped = true
					e++
				}
				e++
			}
			if e > len(b) {
				e = len(b)
			}
			f.Value = b[s+1 : e]
			if c.i = e + 1; c.i > len(b) {
				c.i = len(b)
			}
			return Found
		}
		c.i = c.until(s)
		f.Value = asciiTrim(b[s:c.i])
		return Found
	}
	e := s
	for e < len(b) && b[e] != '=' && b[e] != ',' && b[e] != ';' && b[e] != '"' {
		e++
	}
	if e < len(b) && b[e] == '=' && e > s {
		c.name = asciiTrim(b[s:e])
		c.i = e + 1
		c.value = e+1 < len(b)
		*f = Field{Kind: KindName, Name: c.name}
		return Found
	}
	if e = c.until(s); e == s {
		e++
	}
	c.i = e
	*f = Field{Kind: KindValue, Value: asciiTrim(b[s:e])}
	return Found
}

// until walks to the end of an unquoted value.
func (c *AuthParams) until(i int) int {
	for i < len(c.b) && c.b[i] != ',' && c.b[i] != ';' {
		i++
	}
	return i
}
