package kong

// The wire types of protocol buffers that Kong's protocol uses.
const (
	kindVarint = 0
	kindFixed8 = 1
	kindBytes  = 2
	kindFixed4 = 5
)

// message is an encoded protocol buffer. It is read in place, field by field,
// and its strings are bytes: Kong puts raw header and path bytes into fields
// that a strict decoder rejects as invalid UTF-8.
type message string

// field is one field of a message: number holds varints and fixed values,
// bytes what is length-delimited.
type field struct {
	id     int
	kind   int
	number uint64
	bytes  message
}

// next splits the first field off. ok is false at the end and where the rest is
// not a message, which then is not empty.
func (m message) next() (f field, rest message, ok bool) {
	tag, rest, ok := m.varint()
	if !ok || tag>>3 == 0 || tag>>3 > 1<<29-1 {
		return field{}, m, false
	}
	f.id, f.kind = int(tag>>3), int(tag&7)
	switch f.kind {
	case kindVarint:
		f.number, rest, ok = rest.varint()
	case kindFixed8:
		f.number, rest, ok = rest.fixed(8)
	case kindFixed4:
		f.number, rest, ok = rest.fixed(4)
	case kindBytes:
		var n uint64
		n, rest, ok = rest.varint()
		if ok = ok && n <= uint64(len(rest)); ok {
			f.bytes, rest = rest[:n], rest[n:]
		}
	default: // groups are not used since 2008
		ok = false
	}
	if !ok {
		return field{}, m, false
	}
	return f, rest, true
}

// find returns the last field with an id, as a decoder of messages must; ok is
// false when the message is malformed. A missing field is the zero field.
func (m message) find(id int) (found field, ok bool) {
	for len(m) > 0 {
		f, rest, ok := m.next()
		if !ok {
			return field{}, false
		}
		if f.id == id {
			found = f
		}
		m = rest
	}
	return found, true
}

func (m message) varint() (v uint64, rest message, ok bool) {
	for i := 0; i < len(m) && i < 10; i++ {
		v |= uint64(m[i]&0x7f) << (7 * i)
		if m[i] < 0x80 {
			return v, m[i+1:], i < 9 || m[i] < 2
		}
	}
	return 0, m, false
}

func (m message) fixed(n int) (v uint64, rest message, ok bool) {
	if len(m) < n {
		return 0, m, false
	}
	for i := n - 1; i >= 0; i-- {
		v = v<<8 | uint64(m[i])
	}
	return v, m[n:], true
}

func appendVarint(dst []byte, v uint64) []byte {
	for v >= 0x80 {
		dst = append(dst, byte(v)|0x80)
		v >>= 7
	}
	return append(dst, byte(v))
}

func appendNumber(dst []byte, id int, v uint64) []byte {
	return appendVarint(appendVarint(dst, uint64(id)<<3), v)
}

func appendBytes[T ~string | ~[]byte](dst []byte, id int, v T) []byte {
	dst = appendVarint(dst, uint64(id)<<3|kindBytes)
	dst = appendVarint(dst, uint64(len(v)))
	return append(dst, v...)
}
