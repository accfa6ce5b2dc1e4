package sample

func scan(b []byte) (n int) {
rows:
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case ' ':
			continue rows
		}
		n++
	}
	return n
}
