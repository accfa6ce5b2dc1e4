package decode

// pickleArgument holds, for each opcode, what follows it: the number of
// argument bytes, or one of the marks below; 0xff for what is no opcode.
var pickleArgument [256]uint8

// Marks of pickleArgument.
const (
	pickleLine  = 100 // a line
	pickleTwo   = 101 // two lines: module and name
	pickleText1 = 102 // a string behind a length of one byte
	pickleText4 = 103
	pickleText8 = 104
	pickleNone  = 255
)

func init() {
	for i := 0; i < 256; i++ {
		pickleArgument[i] = pickleNone
	}
	pickleSet("(.012NQRabdelostu}])\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x97\x98", 0)
	pickleSet("Khq\x80\x82", 1)
	pickleSet("M\x83", 2)
	pickleSet("Jjr\x84", 4)
	pickleSet("G\x95", 8)
	pickleSet("FILPSVgp", pickleLine)
	pickleSet("ci", pickleTwo)
	pickleSet("UC\x8c\x8a", pickleText1)
	pickleSet("TBX\x8b", pickleText4)
	pickleSet("\x8d\x8e\x96", pickleText8)
}

func pickleSet(ops string, arg uint8) {
	for i := 0; i < len(ops); i++ {
		pickleArgument[ops[i]] = arg
	}
}

// pickle reports the next name or string of a pickle. The module and the name
// that STACK_GLOBAL takes from the stack are reported as the two strings before
// it, once more and as KindName. After a byte that is no opcode, or the end of
// the pickle, whatever is left is KindRest.
func (c *Serial) pickle(f *Field) State {
	b := c.b
	if c.pending != nil {
		*f = Field{Kind: KindName, Name: c.pending, Flags: Serialized}
		c.pending = nil
		return Found
	}
	for c.i < len(b) {
		s := c.i + 1
		op := b[c.i]
		switch arg := pickleArgument[op]; arg {
		case pickleNone:
			*f = Field{Kind: KindRest, Value: b[c.i:], Flags: Serialized}
			c.i = len(b)
			return Found
		case pickleLine:
			c.i = c.line(s)
			if op != 'S' && op != 'V' && c.i-s < 24 {
				continue // a number or memo index
			}
			v := asciiTrim(b[s:c.i])
			if n := len(v); op == 'S' && n >= 2 && v[0] == v[n-1] {
				v = v[1 : n-1]
			}
			return c.string(f, v, true)
		case pickleTwo:
			m := c.line(s)
			c.i = c.line(m)
			c.pending = asciiTrim(b[m:c.i])
			*f = Field{Kind: KindName, Name: asciiTrim(b[s:m]), Flags: Serialized}
			return Found
		case pickleText1, pickleText4, pickleText8:
			n, size := 0, 1
			if arg == pickleText4 {
				size = 4
			} else if arg == pickleText8 {
				size = 8
			}
			for k := 0; k < size && s+k < len(b); k++ {
				if k < 4 {
					n |= int(b[s+k]) << (8 * uint(k))
				} else if b[s+k] != 0 {
					n = len(b)
				}
			}
			if s += size; s > len(b) {
				s = len(b)
			}
			if n > len(b)-s {
				n = len(b) - s
			}
			c.i = s + n
			return c.string(f, b[s:c.i], false)
		default:
			c.i = s + int(arg)
			if op == '.' && c.i < len(b) {
				*f = Field{Kind: KindRest, Value: b[c.i:], Flags: Serialized}
				c.i = len(b)
				return Found
			}
			if op == 0x93 && c.one != nil {
				*f = Field{Kind: KindName, Name: c.one, Flags: Serialized}
				c.pending = c.two
				c.one = nil
				return Found
			}
		}
	}
	c.i = len(b)
	return Done
}

// line returns the index behind the line at i.
func (c *Serial) line(i int) int {
	for i < len(c.b) {
		i++
		if c.b[i-1] == '\n' {
			break
		}
	}
	return i
}

// string reports v and remembers it for STACK_GLOBAL.
func (c *Serial) string(f *Field, v []byte, escaped bool) State {
	c.one = c.two
	c.two = v
	*f = Field{Kind: KindValue, Value: v, Escaped: escaped, Flags: Serialized}
	return Found
}
