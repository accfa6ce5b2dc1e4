package sample

func upper(s string, b []byte) (n int) {
	for i, r := range s { // want
		n += i + int(r)
	}
	for range string(b) { // want
		n++
	}
	return n
}
