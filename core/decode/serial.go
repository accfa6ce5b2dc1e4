package decode

// SerialKind is a binary object serialisation.
type SerialKind uint8

// The serialisations LooksSerialized knows.
const (
	// SerialJava is java.io.ObjectOutputStream's format (Java Object
	// Serialization Specification, chapter 6).
	SerialJava SerialKind = iota
	// SerialDotNet is .NET's BinaryFormatter ([MS-NRBF]).
	SerialDotNet
	// SerialPickle is Python's pickle, protocol 0 to 5.
	SerialPickle
	// SerialRuby is Ruby's Marshal 4.8.
	SerialRuby
)

// LooksSerialized tells by magic numbers whether b is a binary object
// serialisation (CWE-502). Text pickles (protocol 0 and 1) are known by a
// module and a name on lines of their own after the opcode c or i. Constant
// time: it reads at most 128 bytes.
func LooksSerialized(b []byte) (SerialKind, bool) {
	if len(b) < 4 {
		return 0, false
	}
	switch {
	case b[0] == 0xac && b[1] == 0xed && b[2] == 0 && b[3] == 5:
		return SerialJava, true
	case len(b) >= 9 && string(b[:9]) == "\x00\x01\x00\x00\x00\xff\xff\xff\xff":
		return SerialDotNet, true
	case b[0] == 0x80 && b[1] >= 2 && b[1] <= 5:
		return SerialPickle, true
	case b[0] == 4 && b[1] == 8 && asciiClass[b[2]]&asciiText != 0:
		return SerialRuby, true
	}
	i := 0
	for i < 4 && b[i] == '(' {
		i++
	}
	if i < len(b) && (b[i] == 'c' || b[i] == 'i') {
		if m := pickleWord(b, i+1); m > 0 {
			return SerialPickle, pickleWord(b, m) > 0
		}
	}
	return 0, false
}

// pickleWord returns the index behind a dotted name and its line end, or 0.
func pickleWord(b []byte, i int) int {
	s := i
	for i < len(b) && i < s+60 && (asciiClass[b[i]]&asciiWord != 0 || b[i] == '.') {
		i++
	}
	if i == s || i == len(b) || b[i] != '\n' {
		return 0
	}
	return i + 1
}

// Serial is a cursor over a binary object serialisation. Class, module and
// symbol names come as KindName, other strings as KindValue; every field
// carries Serialized. Pickles are read opcode by opcode. Of the others the
// object graph is not rebuilt: it reports each run of three or more printable
// ASCII bytes (two with the right length in front), cut where that length says, so that a broken or
// lying stream hides nothing.
//
// It takes one window with final set, is iterative and linear, allocates
// nothing and is for one goroutine. The zero value is ready.
type Serial struct {
	b    []byte
	i    int
	kind SerialKind
	end  int // of the run of text around i, when > i
	// Of pickles: the two last strings, and a name still to be reported.
	one, two, pending []byte
}

// Reset makes the cursor empty.
func (c *Serial) Reset() { *c = Serial{} }

// Window sets the stream; its kind is found by LooksSerialized.
func (c *Serial) Window(b []byte, final bool) {
	*c = Serial{b: b}
	c.kind, _ = LooksSerialized(b)
}

// Consumed returns how many bytes have been read.
func (c *Serial) Consumed() int { return c.i }

// Next reports the next name or string.
func (c *Serial) Next(f *Field) State {
	if c.kind == SerialPickle {
		return c.pickle(f)
	}
	b := c.b
	for c.i < len(b) {
		if asciiClass[b[c.i]]&asciiText == 0 {
			c.i++
			continue
		}
		s := c.i
		if c.end <= s {
			c.end = asciiSpan(b, s, asciiText)
		}
		from, n := c.prefix(s, c.end)
		if n == 0 {
			if from, n = s, c.end-s; n < 3 {
				c.i = c.end
				continue
			}
		}
		c.i = from + n
		*f = Field{Kind: KindValue, Value: b[from:c.i], Flags: Serialized}
		if c.name(from, c.i) {
			*f = Field{Kind: KindName, Name: b[from:c.i], Flags: Serialized}
		}
		return Found
	}
	return Done
}

// prefix looks for a length in front of or at the start of the run b[s:e], and
// returns the string it announces, or n = 0.
func (c *Serial) prefix(s, e int) (from, n int) {
	b := c.b
	for k := 0; k < 3; k++ {
		from = s + k
		if from >= e {
			break
		}
		n = 0
		switch c.kind {
		case SerialJava:
			if from >= 2 {
				n = int(b[from-2])<<8 | int(b[from-1])
			}
		case SerialDotNet:
			if from >= 2 && b[from-2] >= 0x80 {
				n = int(b[from-2]&0x7f) | int(b[from-1])<<7
			} else if from >= 1 && b[from-1] < 0x80 {
				n = int(b[from-1])
			}
		case SerialRuby:
			if from >= 2 && b[from-2] == 1 {
				n = int(b[from-1])
			} else if from >= 1 && b[from-1] > 5 && b[from-1] < 0x80 {
				n = int(b[from-1]) - 5
			}
		}
		if n >= 2 && from+n <= e {
			return from, n
		}
	}
	return s, 0
}

// name tells whether the string b[s:e] names a class or symbol.
func (c *Serial) name(s, e int) bool {
	b := c.b
	switch c.kind {
	case SerialJava:
		return s >= 3 && (b[s-3] == 'r' || b[s-3] == '}')
	case SerialRuby:
		return s >= 2 && (b[s-2] == ':' || b[s-2] == 'c' || b[s-2] == 'm')
	}
	// .NET: a dotted identifier, perhaps with an assembly's version.
	dots := 0
	for i := s; i < e; i++ {
		switch x := b[i]; {
		case x == '.':
			dots++
		case asciiClass[x]&asciiWord != 0 || x == ',' || x == '=' || x == ' ' || x == '+' || x == '`' || x == '[' || x == ']':
		default:
			return false
		}
	}
	return dots > 0
}
