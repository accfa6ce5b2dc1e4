package decode

import "bytes"

// nextParam reads the parameter at i of a header value (RFC 2045, 5.1; RFC 6266):
// blanks and semicolons, a name, and after '=' a token or a quoted string, raw
// and without its quotes. A name without '=' (form-data) has an empty value. next
// is the offset behind it. clean is false when bytes between value and semicolon
// belong to neither, or a quote is not closed.
func nextParam(b []byte, i int) (name, value []byte, next int, clean bool) {
	// yaegi does not zero named results
	value, next, clean = b[:0], i, true
	for i < len(b) && (b[i] == ';' || scanClass[b[i]]&isBlank != 0) {
		i++
	}
	start := i
	for i < len(b) && b[i] != '=' && b[i] != ';' {
		i++
	}
	name = trimBlank(b[start:i])
	if i >= len(b) || b[i] == ';' {
		next = i
		return name, value, next, clean
	}
	i = skipBlank(b, i+1)
	if i >= len(b) || b[i] != '"' {
		next = indexFrom(b, i, ';')
		value = trimBlank(b[i:next])
		return name, value, next, clean
	}
	i++
	start = i
	for i < len(b) && b[i] != '"' {
		if b[i] == '\\' && i+1 < len(b) {
			i++
		}
		i++
	}
	if i >= len(b) {
		i = len(b)
		value, next, clean = b[start:], i, false
		return name, value, next, clean
	}
	value = b[start:i]
	next = indexFrom(b, i+1, ';')
	clean = skipBlank(b, i+1) >= next
	return name, value, next, clean
}

// foldEqual compares b with an ASCII word in lower case, ignoring b's case.
func foldEqual(b []byte, lower string) bool {
	if len(b) != len(lower) {
		return false
	}
	for i := 0; i < len(b); i++ {
		ch := b[i]
		if ch >= 'A' && ch <= 'Z' {
			ch |= 0x20
		}
		if ch != lower[i] {
			return false
		}
	}
	return true
}

// Boundary takes the boundary parameter out of the value of a Content-Type
// header: the name in any case, the value a token, a quoted string or RFC 2231
// pieces (boundary*0, boundary*), folded lines and blanks as they come. Of
// several boundaries the first counts; compare with SniffBoundary when they
// matter. false when the type is not multipart/* or there is no boundary. The
// result is a part of contentType unless it had to be unescaped or joined.
func Boundary(contentType []byte) ([]byte, bool) {
	b := trimBlank(contentType)
	if len(b) < 10 || !foldEqual(b[:10], "multipart/") {
		return nil, false
	}
	var joined []byte
	for i := 10; i < len(b); {
		name, value, next, _ := nextParam(b, i)
		i = next
		if foldEqual(name, "boundary") && len(value) > 0 {
			return unpair(value), true
		}
		if len(name) < 9 || !foldEqual(name[:9], "boundary*") {
			continue
		}
		if name[len(name)-1] == '*' {
			value = extValue(value, len(joined) == 0)
		}
		joined = append(joined, unpair(value)...)
	}
	return joined, len(joined) > 0
}

// unpair undoes quoted pairs (RFC 2822, 3.2.2).
func unpair(b []byte) []byte {
	if bytes.IndexByte(b, '\\') < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '\\' && i+1 < len(b) {
			i++
		}
		out = append(out, b[i])
	}
	return out
}

// extValue undoes the percent escapes of an extended value and cuts off its
// charset and language (RFC 2231, 4).
func extValue(b []byte, first bool) []byte {
	if first {
		if k := bytes.IndexByte(b, '\''); k >= 0 {
			if m := bytes.IndexByte(b[k+1:], '\''); m >= 0 {
				b = b[k+m+2:]
			}
		}
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '%' && i+2 < len(b) {
			hi, lo := hexDigit(b[i+1]), hexDigit(b[i+2])
			if hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}

// hexDigit is the value of a hexadecimal digit, or -1.
func hexDigit(ch byte) int {
	switch {
	case ch >= '0' && ch <= '9':
		return int(ch - '0')
	case ch|0x20 >= 'a' && ch|0x20 <= 'f':
		return int(ch|0x20-'a') + 10
	}
	return -1
}

// SniffBoundary reads the boundary off a body that starts with a delimiter line
// and a header line, for requests whose content type is wrong or missing. It
// reads two lines.
func SniffBoundary(body []byte) ([]byte, bool) {
	i := skipBlank(body, 0)
	if !bytes.HasPrefix(body[i:], dashes) {
		return nil, false
	}
	i += 2
	end := indexFrom(body, i, '\n')
	if end == len(body) || end-i > maxBoundary {
		return nil, false
	}
	token := trimBlank(body[i:end])
	if len(token) == 0 {
		return nil, false
	}
	for k := 0; k < len(token); k++ {
		if token[k] <= ' ' || token[k] >= 0x7f {
			return nil, false
		}
	}
	i = end + 1
	start := i
	for i < len(body) && (scanClass[body[i]]&isWordByte != 0 || body[i] == '-') {
		i++
	}
	if i == start || i-start > maxName || i >= len(body) || body[i] != ':' {
		return nil, false
	}
	return token, true
}
