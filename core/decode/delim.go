package decode

// delimSeparators are the separators LooksDelimited knows, by precedence.
const delimSeparators = "|;\t~,\n"

// delimMin is how many pieces a value must have to be taken for delimited.
const delimMin = 3

// Delimited is a cursor over values joined by a separator: a|b|c, k=v;k2=v2,
// k:v,k:v, lines of CSV. Line ends separate as well. A piece is a KindValue; a
// piece that is word=value or word:value is a KindName and a KindValue under
// it. A piece in double quotes (RFC 4180) loses them and is Escaped when it
// has doubled ones. The separator is the one that LooksDelimited chooses, or
// the comma.
//
// It takes one window with final set, allocates nothing and is for one
// goroutine. The zero value is ready.
type Delimited struct {
	b     []byte
	i     int
	sep   byte
	name  []byte
	value bool
}

// Reset makes the cursor empty.
func (c *Delimited) Reset() { *c = Delimited{} }

// Window sets the value.
func (c *Delimited) Window(b []byte, final bool) {
	*c = Delimited{b: b, sep: delimSeparator(b)}
	if c.sep == 0 {
		c.sep = ','
	}
}

// Consumed returns how many bytes have been reported.
func (c *Delimited) Consumed() int { return c.i }

// Next reports the next piece.
func (c *Delimited) Next(f *Field) State {
	b := c.b
	for !c.value && c.i < len(b) && (c.ends(b[c.i]) || asciiClass[b[c.i]]&asciiBlank != 0) {
		c.i++
	}
	if c.i >= len(b) {
		return Done
	}
	s := c.i
	*f = Field{Kind: KindValue}
	if c.value {
		f.Name = c.name
	}
	if b[s] == '"' {
		e := s + 1
		for e < len(b) && (b[e] != '"' || e+1 < len(b) && b[e+1] == '"') {
			if b[e] == '"' {
				f.Escaped = true
				e++
			}
			e++
		}
		if e+1 >= len(b) || c.ends(b[e+1]) {
			c.value = false
			if e >= len(b) {
				f.Value = b[s+1:]
				c.i = len(b)
				return Found
			}
			f.Value = b[s+1 : e]
			c.i = e + 1
			return Found
		}
		// Not a quoted piece after all: report it up to here, as it stands.
		c.value = false
		c.i = e + 1
		f.Escaped = false
		f.Value = b[s : e+1]
		return Found
	}
	e := s
	for e < len(b) && !c.ends(b[e]) {
		if !c.value && (b[e] == '=' || b[e] == ':') && e > s {
			break
		}
		e++
	}
	if e < len(b) && (b[e] == '=' || b[e] == ':') && !c.value && delimKey(b[s:e]) {
		c.name = asciiTrim(b[s:e])
		c.i = e + 1
		c.value = c.i < len(b) && !c.ends(b[c.i])
		*f = Field{Kind: KindName, Name: c.name}
		return Found
	}
	for e < len(b) && !c.ends(b[e]) {
		e++
	}
	c.value = false
	c.i = e
	f.Value = asciiTrim(b[s:e])
	return Found
}

func (c *Delimited) ends(x byte) bool { return x == c.sep || x == '\n' || x == '\r' }

// delimKey tells whether k is an identifier that does not start with a digit,
// so that times and ports are not taken apart.
func delimKey(k []byte) bool {
	k = asciiTrim(k)
	if len(k) == 0 || asciiClass[k[0]]&asciiDigit != 0 {
		return false
	}
	for i := 0; i < len(k); i++ {
		if asciiClass[k[i]]&asciiWord == 0 && k[i] != '-' && k[i] != '.' {
			return false
		}
	}
	return true
}

// LooksDelimited tells whether b is at least three plain pieces (letters,
// digits, _ - . / : % @ + = and blanks) joined by one of | ; tab ~ , or line
// ends, or two key=value pairs. Anything else in it, most of all quotes that
// do not enclose a whole piece, parentheses and other separators, makes it
// not delimited, so that no attack is ever cut into harmless pieces. One pass;
// text without a separator costs that pass.
func LooksDelimited(b []byte) bool { return delimSeparator(b) != 0 }

// delimSeparator returns the separator of b or 0.
func delimSeparator(b []byte) byte {
	var seen [6]int
	pairs := 0
	start := true // at the start of a piece
	quoted := false
	for i := 0; i < len(b); i++ {
		c := b[i]
		if quoted {
			// Inside quotes a separator does not count, all else must be plain.
			if c == '"' {
				quoted = false
				if i+1 < len(b) && delimIndex(b[i+1]) < 0 && b[i+1] != '\r' {
					return 0
				}
			} else if asciiClass[c]&asciiPlain == 0 && c != ',' && c != ';' {
				return 0
			}
			continue
		}
		if k := delimIndex(c); k >= 0 {
			seen[k]++
			start = true
			continue
		}
		if c == '"' && start {
			quoted = true
		} else if asciiClass[c]&asciiPlain == 0 && c != '\r' {
			return 0
		}
		if c == '=' || c == ':' {
			pairs++
		}
		start = start && c == ' '
	}
	if quoted {
		return 0
	}
	kinds, best := 0, -1
	for k := 0; k < 5; k++ {
		if seen[k] > 0 {
			if kinds++; best < 0 {
				best = k
			}
		}
	}
	if kinds > 1 {
		return 0
	}
	if best < 0 {
		best = 5
	}
	if n := seen[best]; n+1 >= delimMin || n == 1 && pairs >= 2 && best < 5 {
		return delimSeparators[best]
	}
	return 0
}

func delimIndex(c byte) int {
	switch c {
	case '|':
		return 0
	case ';':
		return 1
	case '\t':
		return 2
	case '~':
		return 3
	case ',':
		return 4
	case '\n':
		return 5
	}
	return -1
}
