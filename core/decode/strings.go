package decode

// MinRun is the shortest run of printable characters that Strings reports.
const MinRun = 6

// LongRun is the shortest run of ASCII that Strings reports after LongRuns. In
// random bytes, such as compressed pictures, chance makes a run of six in every
// 600 bytes and one of ten in every 32,000.
const LongRun = 10

// Marks of stringsClass, chosen so that for two neighbouring bytes the sum is
// >= stringsHot only for text+text and text+NUL: one comparison a probe.
const (
	stringsText = 3
	stringsNUL  = 2
	stringsHot  = 5
)

var stringsClass [256]uint8

func init() {
	for i := 0x20; i < 0x7f; i++ {
		stringsClass[i] = stringsText
	}
	stringsClass['\t'] = stringsText
	stringsClass['\r'] = stringsText
	stringsClass['\n'] = stringsText
	stringsClass[0] = stringsNUL
}

// Strings finds the text in binary data, as strings(1) does: runs of at least
// MinRun printable ASCII bytes (tab, CR and LF included) and runs of at least
// MinRun UTF-16 characters that are ASCII. Runs come as KindValue; UTF-16 runs
// are raw, with their NULs, and carry Escaped and the flag Wide.
//
// It looks at two bytes in five while there is no text, so that uploads of
// pictures cost little. It streams (see Field.Partial), holds no memory of its
// own beyond the struct, and is for one goroutine. The zero value is ready.
type Strings struct {
	b     []byte
	min   int // the shortest run of ASCII to report
	floor int // nothing before it belongs to a run still to be reported
	eaten int
	final bool
	// inside says that the window starts with the Overlap bytes of a run
	// reported in part: 1 for ASCII, 2 for UTF-16.
	inside uint8
	wait   bool
}

// Reset makes the cursor ready for another input.
func (c *Strings) Reset() { *c = Strings{} }

// LongRuns leaves out runs of ASCII shorter than LongRun: for large inputs,
// where chance makes too many of them. It holds until Reset.
func (c *Strings) LongRuns() { c.min = LongRun }

// Window sets the next window: the unconsumed tail of the last one and what
// has arrived since.
func (c *Strings) Window(b []byte, final bool) {
	if c.min == 0 {
		c.min = MinRun
	}
	c.b = b
	c.final = final
	c.floor = 0
	c.eaten = 0
	c.wait = false
}

// Consumed returns how many leading bytes of the window may be dropped.
func (c *Strings) Consumed() int { return c.eaten }

// Next reports the next run. Every byte is looked at no more than three times.
func (c *Strings) Next(f *Field) State {
	if c.wait {
		return NeedMore
	}
	if c.inside != 0 {
		wide := c.inside == 2
		c.inside = 0
		if st, ok := c.run(f, 0, c.end(0, wide), wide, true); ok {
			return st
		}
	}
	b, t := c.b, &stringsClass
	j := c.floor + c.min - 1
	for j < len(b) {
		m := t[b[j-1]]
		if n := t[b[j]]; m+n < stringsHot {
			j += c.min - 1
			continue
		}
		if n := t[b[j]]; m != n {
			s := j
			if n == stringsNUL {
				s--
			}
			for s-2 >= c.floor && t[b[s-2]] == stringsText && b[s-1] == 0 {
				s -= 2
			}
			e := c.end(s, true)
			if st, ok := c.run(f, s, e, true, false); ok {
				return st
			}
			// An ASCII run may start at the last byte that was not half of a
			// wide character.
			if e > c.floor {
				c.floor = e
			}
			j = e + MinRun - 1
			continue
		}
		s := j - 1
		for s > c.floor && t[b[s-1]] == stringsText {
			s--
		}
		e := c.end(j, false)
		if st, ok := c.run(f, s, e, false, false); ok {
			return st
		}
		c.floor = e - 1 // its last byte may start a UTF-16 run
		j = e + c.min
	}
	if c.final {
		c.floor = len(b)
		c.eaten = len(b)
		return Done
	}
	// Too short a tail to tell: keep what could start a UTF-16 run.
	c.eaten = len(b) - 2*MinRun
	if c.eaten < c.floor {
		c.eaten = c.floor
	}
	c.wait = true
	return NeedMore
}

// end walks from s, which is text, to the end of its run.
func (c *Strings) end(s int, wide bool) int {
	b, t := c.b, &stringsClass
	if !wide {
		for s < len(b) && t[b[s]] == stringsText {
			s++
		}
		return s
	}
	for s+1 < len(b) && t[b[s]] == stringsText && b[s+1] == 0 {
		s += 2
	}
	return s
}

// run reports b[s:e] when it is long enough or goes on from the last window
// (more), and asks for more input when it may go on in the next.
func (c *Strings) run(f *Field, s, e int, wide, more bool) (State, bool) {
	open := e == len(c.b) || wide && e+1 == len(c.b) && stringsClass[c.b[e]] == stringsText
	if open && !c.final {
		c.wait = true
		if s > 0 || e < 2*Overlap {
			c.eaten = s
			if more {
				c.inside = 1
				if wide {
					c.inside = 2
				}
			}
			return NeedMore, true
		}
		c.inside = 1
		c.eaten = e - Overlap
		if wide {
			c.inside = 2
		}
		c.set(f, s, e, wide)
		f.Partial = true
		return Found, true
	}
	n := e - s
	if wide {
		if e < len(c.b) && stringsClass[c.b[e]] == stringsText {
			// Big-endian text ends in a letter whose NUL came before it.
			if e+1 == len(c.b) || stringsClass[c.b[e+1]] != stringsText {
				e++
			}
		}
		n = (e - s + 1) / 2
	}
	short := c.min
	if wide {
		short = MinRun
	}
	if n < short && !more {
		return Found, false
	}
	c.set(f, s, e, wide)
	c.floor = e
	return Found, true
}

func (c *Strings) set(f *Field, s, e int, wide bool) {
	*f = Field{Kind: KindValue, Value: c.b[s:e], Escaped: wide}
	if wide {
		f.Flags = Wide
	}
}
