package sample

func scan(b []byte) int {
	n := 0
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
