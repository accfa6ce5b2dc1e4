package gateway

// Object reads a JSON object (RFC 8259), for hosts without a reader of their
// own, and calls member for each of its members in order: strings come without
// their quotes, anything else as it is written. The first error of member ends
// it; malformed text is an error that begins with line and column, and then some
// members may have been seen. Values nest at most 64 deep.
func Object(data []byte, member func(key, value string) error) error {
	r := &reader{data: data}
	return r.object(func(_ int, key, value string, _ byte) error { return member(key, value) })
}

// AppendMember appends ,"name":"value" to a JSON object that is being written;
// an empty value is left out. Control bytes are escaped, bytes that are not
// UTF-8 become U+FFFD; name is taken as it is.
func AppendMember(dst []byte, name, value string) []byte { return member(dst, name, value) }

// AppendCount appends ,"name":n likewise.
func AppendCount(dst []byte, name string, n int64) []byte { return count(dst, name, n) }
