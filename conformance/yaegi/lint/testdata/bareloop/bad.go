package sample

func third(n int) int {
	for i := 0; ; { // want
		i += 3
		if i > n {
			return i
		}
	}
}
