package decode

// jwtMin is the length below which LooksJWT takes nothing for a token.
const jwtMin = 20

// LooksJWT tells whether b is a dotted token whose first part is base64 of a
// JSON object or array, or of a zlib stream after a leading dot: JWS and JWE
// (RFC 7515, RFC 7516), itsdangerous and Flask cookies, and Django's signed
// values, whose separator is a colon. Only the first part has to be clean
// base64, because the others are where an attacker writes.
func LooksJWT(b []byte) bool {
	if len(b) < jwtMin {
		return false
	}
	s := 0
	if b[0] == '.' {
		s = 1
	}
	e := asciiSpan(b, s, asciiURL64)
	if e-s < 8 || e == len(b) || b[e] != '.' && b[e] != ':' {
		return false
	}
	switch {
	case s == 1:
		return b[1] == 'e' && (b[2] == 'J' || b[2] == 'N' || b[2] == 'F' || b[2] == 'A') // 78 9c, da, 5e, 01
	case b[0] == 'e':
		// {" is eyJ; {, blank and {, tab or line end are eyA, ewo, ewk, ew0.
		return b[1] == 'y' && (b[2] == 'J' || b[2] == 'A' || b[2] == 'I') ||
			b[1] == 'w' && (b[2] == 'o' || b[2] == 'k' || b[2] == '0')
	case b[0] == 'W':
		return b[1] == 'y' || b[1] == '3' || b[1] == 'z' // [" or [{ or [1
	}
	return false
}

// SplitJWT cuts a token at its dots (or colons, when the first separator is
// one) into at most five parts, slices of b; the fifth takes whatever is left,
// further dots included. It returns n = 0 when there is no separator or the
// first part is not base64. A leading dot gives an empty first part. The parts
// are still base64.
func SplitJWT(b []byte) ([5][]byte, int) {
	// Named results are not zeroed under yaegi, so these are variables.
	var parts [5][]byte
	n := 0
	i := asciiSpan(b, 0, asciiURL64)
	if i == len(b) || b[i] != '.' && b[i] != ':' {
		return parts, n
	}
	sep := b[i]
	s := 0
	for i < len(b) && n < 4 {
		parts[n] = b[s:i]
		n++
		s = i + 1
		i = indexFrom(b, s, sep)
	}
	parts[n] = b[s:]
	return parts, n + 1
}
