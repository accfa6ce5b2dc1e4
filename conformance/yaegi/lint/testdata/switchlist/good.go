package sample

func letter(c byte) bool {
	switch {
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		return true
	}
	switch c {
	case '_', '-':
		return true
	}
	return false
}
