package decode

// Msgpack is a cursor over MessagePack. Strings at the place of a map key come
// as KindName, other strings, binary and extension data as KindValue under the
// last key; numbers, booleans and nil hold no text and are skipped. After a
// byte that is no format, a length beyond the end, or a printable byte where no
// element is due (a small number, were it msgpack), the rest is KindRest.
//
// It takes one window with final set, keeps MaxDepth levels on a stack of its
// own (in deeper ones keys count as values), allocates nothing and is for one
// goroutine. The zero value is ready.
type Msgpack struct {
	b     []byte
	i     int
	name  []byte
	depth int
	left  [MaxDepth]uint64 // elements still to come
	pairs [MaxDepth]bool   // a map: keys and values take turns
	deep  bool             // MaxDepth was exceeded
}

// Reset makes the cursor empty.
func (c *Msgpack) Reset() { *c = Msgpack{} }

// Window sets the data.
func (c *Msgpack) Window(b []byte, final bool) { *c = Msgpack{b: b} }

// Consumed returns how many bytes have been read.
func (c *Msgpack) Consumed() int { return c.i }

// Next reports the next key, string or data.
func (c *Msgpack) Next(f *Field) State {
	b := c.b
	for c.i < len(b) {
		if c.depth == 0 || c.depth == 1 && c.left[0] == 0 {
			if asciiClass[b[c.i]]&asciiText != 0 {
				*f = Field{Kind: KindRest, Value: b[c.i:]}
				c.i = len(b)
				return Found
			}
		}
		kind, head, n := msgpackItem(b, c.i)
		if kind == msgpackBad || head > len(b)-c.i || kind != msgpackList && kind != msgpackMap && n > uint64(len(b)-c.i-head) {
			*f = Field{Kind: KindRest, Value: b[c.i:]}
			c.i = len(b)
			return Found
		}
		key := c.count()
		s := c.i + head
		switch kind {
		case msgpackList, msgpackMap:
			c.i = s
			if n > 0 && c.depth < MaxDepth {
				c.pairs[c.depth] = kind == msgpackMap
				if kind == msgpackMap {
					n *= 2
				}
				c.left[c.depth] = n
				c.depth++
			} else if n > 0 {
				c.deep = true
			}
			continue
		}
		c.i = s + int(n)
		if kind == msgpackNumber || n == 0 {
			continue
		}
		if key && kind == msgpackText {
			c.name = b[s:c.i]
			*f = Field{Kind: KindName, Name: c.name}
			return Found
		}
		*f = Field{Kind: KindValue, Name: c.name, Value: b[s:c.i]}
		return Found
	}
	return Done
}

// count counts an item and tells whether it is a key.
func (c *Msgpack) count() bool {
	for c.depth > 0 && c.left[c.depth-1] == 0 {
		c.depth--
	}
	if c.depth == 0 {
		return false
	}
	d := c.depth - 1
	key := c.pairs[d] && c.left[d]&1 == 0
	c.left[d]--
	return key
}

// Kinds of MessagePack items.
const (
	msgpackBad = iota
	msgpackNumber
	msgpackText
	msgpackBytes
	msgpackList
	msgpackMap
)

// msgpackItem reads the head of the item at i: its kind, how many bytes the head
// takes, and the bytes or elements that follow.
func msgpackItem(b []byte, i int) (kind, head int, n uint64) {
	x := b[i]
	switch {
	case x < 0x80 || x >= 0xe0 || x == 0xc0 || x == 0xc2 || x == 0xc3:
		return msgpackNumber, 1, 0
	case x < 0x90:
		return msgpackMap, 1, uint64(x & 15)
	case x < 0xa0:
		return msgpackList, 1, uint64(x & 15)
	case x < 0xc0:
		return msgpackText, 1, uint64(x & 31)
	case x == 0xc1:
		return msgpackBad, 1, 0
	case x <= 0xc6:
		return msgpackSized(b, i, msgpackBytes, msgpackPower(x-0xc4), 0)
	case x <= 0xc9:
		return msgpackSized(b, i, msgpackBytes, msgpackPower(x-0xc7), 1)
	case x == 0xca:
		return msgpackNumber, 1, 4
	case x == 0xcb:
		return msgpackNumber, 1, 8
	case x <= 0xcf:
		return msgpackNumber, 1, uint64(msgpackPower(x - 0xcc))
	case x <= 0xd3:
		return msgpackNumber, 1, uint64(msgpackPower(x - 0xd0))
	case x <= 0xd8:
		return msgpackBytes, 2, uint64(msgpackPower(x - 0xd4))
	case x <= 0xdb:
		return msgpackSized(b, i, msgpackText, msgpackPower(x-0xd9), 0)
	case x <= 0xdd:
		return msgpackSized(b, i, msgpackList, msgpackPower(x-0xdb), 0)
	}
	return msgpackSized(b, i, msgpackMap, msgpackPower(x-0xdd), 0)
}

// msgpackPower returns 2 to the power of e: 1, 2, 4, 8 or 16.
func msgpackPower(e byte) int {
	n := 1
	for ; e > 0; e-- {
		n *= 2
	}
	return n
}

// msgpackSized reads a head with a length of size bytes, and extra bytes behind
// it.
func msgpackSized(b []byte, i, kind, size, extra int) (int, int, uint64) {
	head := 1 + size + extra
	if i+head > len(b) {
		return msgpackBad, 1, 0
	}
	n := uint64(0)
	for k := 1; k <= size; k++ {
		n = n<<8 | uint64(b[i+k])
	}
	return kind, head, n
}

// LooksMsgpack tells whether b is exactly one MessagePack map or array, not
// empty, at most MaxDepth deep, with a string in it, whose map keys are strings
// or numbers. It costs a walk over b, but for most input one byte.
func LooksMsgpack(b []byte) bool {
	if len(b) < 3 {
		return false
	}
	if kind, _, n := msgpackItem(b, 0); n == 0 || kind != msgpackList && kind != msgpackMap {
		return false
	}
	var c Msgpack
	var f Field
	texts := 0
	c.Window(b, true)
	for c.i < len(b) {
		if c.i > 0 && c.open() == 0 {
			return false // something follows
		}
		if c.Next(&f) != Found {
			break
		}
		if f.Kind == KindRest {
			return false
		}
		if f.Kind == KindName || protoText(f.Value) {
			texts++
		}
	}
	return texts > 0 && !c.deep && c.open() == 0
}

// open returns how many levels still want elements.
func (c *Msgpack) open() int {
	n := 0
	for d := 0; d < c.depth; d++ {
		if c.left[d] > 0 {
			n++
		}
	}
	return n
}
