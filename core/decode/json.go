package decode

// JSON is a streaming cursor over JSON text (RFC 8259). It is a tokeniser that
// never gives up: comments, single quotes, unquoted keys, trailing commas, NaN,
// several values one after another (NDJSON) and truncation are all read, and
// what fits nowhere comes out as a field all the same.
//
// Fields: KindName for a key (Value is the key, raw), then KindValue (strings
// without their quotes, numbers, literals, bare words) or KindEnter with that
// key as Name, cut to 64 bytes. KindEnter's Value is the bracket. Every KindEnter
// is answered by a KindLeave, with Truncated where the input did not close it.
// Below MaxDepth levels there is no Enter, Leave or Name any more: strings and
// words come as KindValue with DepthLimit.
//
// The zero value is ready; Reset makes it ready again. Not for concurrent use.
// Each byte is read at most four times, nothing is allocated.
type JSON struct {
	win     []byte
	pos     int // next byte to read
	used    int // what Consumed answers
	slash   int // first backslash at or after pos, -1 when not yet searched
	depth   int
	objects uint64 // bit d-1: the container at depth d is an object
	name    []byte // key that waits for its value
	resume  int    // offset where the scan of an unfinished token goes on
	want    uint8
	tok     uint8 // token that fills windows: tokNone when between tokens
	kind    Kind  // kind of that token
	quote   byte
	final   bool
	started bool
	drained bool // a partial piece was given: the window has no more
	escaped bool // the token has escapes so far
	nameEsc bool // name has escapes
	skip    bool // the last piece ended in the middle of an escape
	deep    bool // MaxDepth was exceeded since the last KindLeave
	buf     [maxName]byte
}

// What the JSON grammar expects next.
const (
	wantValue = iota
	wantKey
	wantColon
	wantComma
)

// Kinds of JSON token that can be longer than a window.
const (
	tokNone = iota
	tokString
	tokBare
	tokLine
	tokBlock
)

// Reset makes the cursor ready for a new document.
func (c *JSON) Reset() {
	*c = JSON{slash: -1}
}

// Window sets the bytes to read: what Consumed left of the previous window,
// then new ones. Windows that are not final must hold 4*Overlap bytes or more.
func (c *JSON) Window(b []byte, final bool) {
	c.win, c.final = b, final
	c.pos, c.used, c.slash = 0, 0, -1
	c.drained = false
}

// Consumed says, after NeedMore, how many leading bytes of the window are read.
func (c *JSON) Consumed() int { return c.used }

// more keeps the waiting key out of the window and asks for the next one.
func (c *JSON) more(used int) State {
	c.name = park(c.buf[:], c.name)
	c.used = used
	return NeedMore
}

// Next reads the next field. See Field for how long it stays valid.
func (c *JSON) Next(f *Field) State {
	*f = Field{}
	if c.drained {
		return c.more(c.used)
	}
	if c.tok != tokNone {
		return c.token(f, 0, c.resume)
	}
	b := c.win
	i := c.pos
	if !c.started {
		if len(b) < 8 && !c.final {
			return c.more(0)
		}
		c.started = true
		i = jsonGuard(b)
	}
	for i < len(b) {
		ch := b[i]
		if scanClass[ch]&isBlank != 0 {
			i++
			continue
		}
		c.pos = i
		switch ch {
		case '"':
			if end := c.plainEnd(i + 1); end >= 0 {
				return c.plain(f, i+1, end)
			}
			return c.text(f, i, ch)
		case ',':
			i++
			c.name, c.want = c.name[:0], wantValue
			if c.inObject() {
				c.want = wantKey
			}
			continue
		case ':':
			if c.depth > 0 {
				i++
				c.want = wantValue
				continue
			}
		case '{', '[':
			i++
			if c.open(f, i, ch == '{') {
				return Found
			}
			continue
		case '}', ']':
			if c.depth > 0 {
				i++
				if c.close(f, i, 0) {
					return Found
				}
				continue
			}
		case '\'':
			if c.depth > 0 {
				return c.text(f, i, ch)
			}
		case '/':
			if i+1 >= len(b) && !c.final {
				return c.more(i)
			}
			if i+1 < len(b) && (b[i+1] == '/' || b[i+1] == '*') {
				c.tok, c.kind, c.escaped = tokLine, KindComment, false
				if b[i+1] == '*' {
					c.tok = tokBlock
				}
				return c.token(f, i+2, i+2)
			}
		}
		return c.bare(f, i)
	}
	c.pos = len(b)
	if !c.final {
		return c.more(len(b))
	}
	for c.depth > 0 {
		if c.close(f, len(b), Truncated) {
			return Found
		}
	}
	return Done
}

// inObject reports whether the innermost container is a tracked object.
func (c *JSON) inObject() bool {
	return c.depth > 0 && c.depth <= MaxDepth && c.objects>>uint(c.depth-1)&1 != 0
}

// open enters a container and reports whether f was set.
func (c *JSON) open(f *Field, next int, object bool) bool {
	c.pos = next
	c.depth++
	c.want = wantValue
	name, escaped := c.name, c.nameEsc
	c.name, c.nameEsc = c.name[:0], false
	if c.depth > MaxDepth {
		c.deep = true
		return false
	}
	bit := uint64(1) << uint(c.depth-1)
	c.objects &^= bit
	if object {
		c.objects |= bit
		c.want = wantKey
	}
	f.Kind = KindEnter
	f.Name = name
	f.Escaped = escaped
	f.Value = c.win[next-1 : next]
	return true
}

// close leaves a container and reports whether f was set.
func (c *JSON) close(f *Field, next int, flags Flags) bool {
	c.pos = next
	c.depth--
	c.want, c.name, c.nameEsc = wantComma, c.name[:0], false
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
