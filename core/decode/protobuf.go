package decode

import (
	"strconv"
	"unicode/utf8"
)

// Protobuf is a cursor over Protocol Buffers' wire format without a schema, bare
// or in gRPC frames (one byte of flags, four bytes of length, several in a row).
// Length-delimited fields are text when they are printable UTF-8, else messages
// when they parse as such, else bytes; text and bytes come as KindValue, with
// the field number in decimal as Name. Messages come as KindEnter and
// KindLeave. Numbers are skipped. A compressed frame is one KindValue with the
// flag Compressed. Where the wire format ends, the rest of that message is
// KindRest.
//
// It takes one window with final set, keeps MaxDepth levels on a stack of its
// own (deeper messages are bytes), looks at a byte at most twice a level,
// allocates nothing and is for one goroutine. The zero value is ready.
type Protobuf struct {
	b      []byte
	i      int
	depth  int
	ends   [MaxDepth]int
	frames bool
	digits [12]byte
}

// Reset makes the cursor empty.
func (c *Protobuf) Reset() { *c = Protobuf{} }

// Window sets the message or the frames.
func (c *Protobuf) Window(b []byte, final bool) {
	c.b = b
	c.i = 0
	c.depth = 0
	c.frames = grpcFrames(b)
}

// Consumed returns how many bytes have been read.
func (c *Protobuf) Consumed() int { return c.i }

// grpcFrames tells whether b is exactly a row of gRPC frames.
func grpcFrames(b []byte) bool {
	i := 0
	for i+5 <= len(b) && (b[i]&0x7f) <= 1 {
		n := int(b[i+1])<<24 | int(b[i+2])<<16 | int(b[i+3])<<8 | int(b[i+4])
		if n > len(b)-i-5 {
			return false
		}
		i += 5 + n
	}
	return i == len(b) && i > 0
}

// Next reports the next text, bytes or border of a message.
func (c *Protobuf) Next(f *Field) State {
	b := c.b
	for {
		if c.depth > 0 && c.i >= c.ends[c.depth-1] {
			c.depth--
			if c.depth == 0 && c.frames {
				continue
			}
			*f = Field{Kind: KindLeave}
			return Found
		}
		if c.i >= len(b) {
			return Done
		}
		if c.frames && c.depth == 0 {
			n := int(b[c.i+1])<<24 | int(b[c.i+2])<<16 | int(b[c.i+3])<<8 | int(b[c.i+4])
			flag := b[c.i]
			c.i += 5
			if flag&1 != 0 {
				*f = Field{Kind: KindValue, Value: b[c.i : c.i+n], Flags: Compressed}
				c.i += n
				return Found
			}
			c.ends[0] = c.i + n
			c.depth = 1
			continue
		}
		end := len(b)
		if c.depth > 0 {
			end = c.ends[c.depth-1]
		}
		field, s, e := protoField(b, c.i, end)
		if e < 0 {
			*f = Field{Kind: KindRest, Value: b[c.i:end]}
			c.i = end
			return Found
		}
		c.i = e
		if s < 0 {
			continue // a number
		}
		name := strconv.AppendUint(c.digits[:0], field, 10)
		v := b[s:e]
		if len(v) > 1 && c.depth < MaxDepth && !protoText(v) && protoMessage(v) {
			c.ends[c.depth] = e
			c.depth++
			c.i = s
			*f = Field{Kind: KindEnter, Name: name}
			return Found
		}
		if len(v) > 0 {
			*f = Field{Kind: KindValue, Name: name, Value: v}
			return Found
		}
	}
}

// protoVarint reads a varint of at most ten bytes; end is -1 when it is none.
func protoVarint(b []byte, i, limit int) (v uint64, end int) {
	v = 0 // yaegi does not zero named results
	for shift := uint(0); i < limit && shift < 70; shift += 7 {
		x := b[i]
		i++
		v |= uint64(x&0x7f) << shift
		if x < 0x80 {
			return v, i
		}
	}
	return 0, -1
}

// protoField reads the field at i. s is where length-delimited content starts,
// or -1; e is where the field ends, or -1 when there is none.
func protoField(b []byte, i, limit int) (field uint64, s, e int) {
	tag, p := protoVarint(b, i, limit)
	field = tag >> 3
	if p < 0 || field == 0 || field > 1<<29-1 {
		return 0, -1, -1
	}
	switch tag & 7 {
	case 0:
		_, p = protoVarint(b, p, limit)
		return field, -1, p
	case 1:
		p += 8
	case 2:
		n, q := protoVarint(b, p, limit)
		if q < 0 || n > uint64(limit-q) {
			return 0, -1, -1
		}
		return field, q, q + int(n)
	case 3, 4: // groups: borders without content
	case 5:
		p += 4
	default:
		return 0, -1, -1
	}
	if p > limit {
		return 0, -1, -1
	}
	return field, -1, p
}

// protoMessage tells whether v is fields to its end.
func protoMessage(v []byte) bool {
	for i := 0; i < len(v); {
		if _, _, i = protoField(v, i, len(v)); i < 0 {
			return false
		}
	}
	return true
}

// protoText tells whether v is UTF-8 without control bytes but tab and line
// ends.
func protoText(v []byte) bool {
	for i := 0; i < len(v); {
		if v[i] < utf8.RuneSelf {
			if asciiClass[v[i]]&asciiText == 0 {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(v[i:])
		if r == utf8.RuneError && n == 1 {
			return false
		}
		i += n
	}
	return true
}

// LooksProtobuf tells whether all of b parses as Protobuf or gRPC frames with
// field numbers below 2^16 at the top, has at least one text of two bytes, and
// is not text itself. It costs a walk over b.
func LooksProtobuf(b []byte) bool {
	if len(b) < 4 || protoText(b) {
		return false
	}
	if !grpcFrames(b) {
		for i := 0; i < len(b); {
			field, _, e := protoField(b, i, len(b))
			if e < 0 || field >= 1<<16 {
				return false
			}
			i = e
		}
	}
	var c Protobuf
	var f Field
	text := false
	c.Window(b, true)
	for c.Next(&f) == Found {
		if f.Kind == KindRest {
			return false
		}
		text = text || f.Kind == KindValue && (f.Flags&Compressed != 0 || len(f.Value) > 1 && protoText(f.Value))
	}
	return text
}
