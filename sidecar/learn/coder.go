package learn

import "encoding/binary"

// coder walks data in one direction, into bytes or out of them, so that one
// function describes both. After an error while reading everything is zero.
type coder struct {
	buf     []byte
	at      int
	reading bool
	bad     bool
}

// number codes an integer, as a varint.
func number[T interface {
	~int | ~int64 | ~uint64 | ~uint32 | ~uint16 | ~uint8
}](c *coder, v *T) {
	if !c.reading {
		c.buf = binary.AppendUvarint(c.buf, uint64(*v))
		return
	}
	x, n := binary.Uvarint(c.buf[c.at:])
	if n <= 0 || uint64(T(x)) != x {
		c.fail()
		x, n = 0, 0
	}
	*v = T(x)
	c.at += n
}

// fail ends the reading.
func (c *coder) fail() { c.bad, c.at = true, len(c.buf) }

func (c *coder) flag(v *bool) {
	n := uint8(0)
	if *v {
		n = 1
	}
	number(c, &n)
	*v = n == 1
}

// raw codes a fixed number of bytes.
func (c *coder) raw(p []byte) {
	if !c.reading {
		c.buf = append(c.buf, p...)
		return
	}
	if len(p) > len(c.buf)-c.at {
		c.fail()
		return
	}
	c.at += copy(p, c.buf[c.at:])
}

// length codes how many follow. Each takes at least one byte, which bounds what
// damaged data can ask for.
func (c *coder) length(n int) int {
	if number(c, &n); n < 0 || c.reading && n > len(c.buf)-c.at {
		c.fail()
		return 0
	}
	return n
}

func (c *coder) text(texts ...*string) {
	for _, s := range texts {
		n := c.length(len(*s))
		if c.reading {
			*s = string(c.buf[c.at : c.at+n])
			c.at += n
			continue
		}
		c.buf = append(c.buf, *s...)
	}
}

// list codes a slice; an empty one is read as nil.
func list[T any](c *coder, s *[]T, each func(*T)) {
	n := c.length(len(*s))
	if c.reading {
		*s = nil
		for range n {
			if c.bad {
				return
			}
			var v T
			each(&v)
			*s = append(*s, v)
		}
		return
	}
	for i := range *s {
		each(&(*s)[i])
	}
}
