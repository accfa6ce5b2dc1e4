package sample

func letter(c byte) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z': // want
		return true
	}
	return false
}
